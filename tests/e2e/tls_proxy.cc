#include "tests/e2e/tls_proxy.h"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>

namespace viasync::e2e {
namespace {

constexpr long kDay = 24 * 60 * 60;

struct Key {
  Key() : key(EVP_RSA_gen(2048)) { REQUIRE(key != nullptr); }
  ~Key() { EVP_PKEY_free(key); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  EVP_PKEY* key;
};

void Extend(X509* certificate, int what, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value.c_str());
  REQUIRE(extension != nullptr);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Not signed yet.
X509* NewCertificate(const std::string& name, EVP_PKEY* key, long serial, int days) {
  X509* certificate = X509_new();
  REQUIRE(certificate != nullptr);
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * kDay + (days < 0 ? days * kDay : 0));
  X509_gmtime_adj(X509_getm_notAfter(certificate), days * kDay);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return certificate;
}

template <class Write>
void WriteFile(const std::string& path, Write write) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  REQUIRE(file != nullptr);
  write(file);
  std::fclose(file);
}

void WriteCertificate(const std::string& path, X509* certificate) {
  WriteFile(path, [&](std::FILE* file) { PEM_write_X509(file, certificate); });
}

}  // namespace

struct Authority::State {
  std::string folder;
  Key key;
  X509* certificate = nullptr;
  long serial = 1;
};

Authority::Authority(std::string folder) : state_(std::make_unique<State>()) {
  state_->folder = std::move(folder);
  state_->certificate = NewCertificate("Test authority", state_->key.key, state_->serial, 30);
  X509_set_issuer_name(state_->certificate, X509_get_subject_name(state_->certificate));
  Extend(state_->certificate, NID_basic_constraints, "critical,CA:TRUE");
  REQUIRE(X509_sign(state_->certificate, state_->key.key, EVP_sha256()) != 0);
  WriteCertificate(file(), state_->certificate);
}

Authority::~Authority() { X509_free(state_->certificate); }

std::string Authority::file() const { return state_->folder + "/ca.pem"; }

std::pair<std::string, std::string> Authority::Sign(const std::string& host, int days) {
  const std::string base = state_->folder + "/" + std::to_string(++state_->serial);
  Key key;
  X509* certificate = NewCertificate(host, key.key, state_->serial, days);
  X509_set_issuer_name(certificate, X509_get_subject_name(state_->certificate));
  const bool address = host.find_first_not_of("0123456789.") == std::string::npos;
  Extend(certificate, NID_subject_alt_name, (address ? "IP:" : "DNS:") + host);
  REQUIRE(X509_sign(certificate, state_->key.key, EVP_sha256()) != 0);
  WriteCertificate(base + ".pem", certificate);
  X509_free(certificate);
  WriteFile(base + ".key", [&](std::FILE* file) {
    PEM_write_PrivateKey(file, key.key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  return {base + ".pem", base + ".key"};
}

TlsProxy::TlsProxy(const std::string& behind, const std::string& certificate,
                   const std::string& key)
    : behind_(behind), server_(certificate.c_str(), key.c_str()) {
  REQUIRE(server_.is_valid());
  auto handler = [this](const httplib::Request& request, httplib::Response& response) {
    HandOn(request, response);
  };
  constexpr const char* kAnyPath = R"([\s\S]*)";
  server_.Get(kAnyPath, handler).Post(kAnyPath, handler).Put(kAnyPath, handler);
  server_.Patch(kAnyPath, handler).Delete(kAnyPath, handler);
  port_ = server_.bind_to_any_port("127.0.0.1");
  REQUIRE(port_ > 0);
  thread_ = std::thread([this] { server_.listen_after_bind(); });
  while (!server_.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TlsProxy::~TlsProxy() {
  server_.stop();
  thread_.join();
}

std::string TlsProxy::Url() const { return "https://127.0.0.1:" + std::to_string(port_); }

void TlsProxy::HandOn(const httplib::Request& request, httplib::Response& response) const {
  httplib::Client client(behind_);
  httplib::Request onward;
  onward.method = request.method;
  onward.path = request.target;
  onward.body = request.body;
  for (const char* name : {"Authorization", "x-api-key", "Accept", "Content-Type"}) {
    if (request.has_header(name)) onward.set_header(name, request.get_header_value(name));
  }
  auto answer = client.send(onward);
  if (!answer) {
    response.status = 502;
    return;
  }
  response.status = answer->status;
  if (answer->has_header("Date")) response.set_header("Date", answer->get_header_value("Date"));
  if (!answer->body.empty()) {
    response.set_content(answer->body, answer->get_header_value("Content-Type"));
  }
}

}  // namespace viasync::e2e
