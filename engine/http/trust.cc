#include "engine/http/trust.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "engine/base/strings.h"

namespace viasync::http {
namespace {

base::Result<void> Check(const std::string& name, const std::string& path, bool folder) {
  struct stat info {};
  std::string problem;
  if (stat(path.c_str(), &info) != 0 || access(path.c_str(), R_OK) != 0) {
    problem = "cannot be read: " + base::SystemReason(errno);
  } else if (S_ISDIR(info.st_mode) != folder) {
    problem = folder ? "is not a folder" : "is a folder, not a file";
  } else {
    return {};
  }
  return base::Fail(base::ErrorKind::kInvalid,
                    fmt::format("{} names {}, which {}", name, base::Printable(path), problem),
                    "correct the variable or unset it, or set `ca_file` of the environment");
}

}  // namespace

base::Result<Trust> FindTrust(const std::string& ca_file,
                              const std::function<const char*(const char*)>& variable) {
  if (!ca_file.empty()) return Trust{.file = ca_file, .folder = {}};
  auto value = [&](const char* name) {
    const char* text = variable(name);
    return std::string(text ? text : "");
  };
  Trust trust;
  std::string file_from = "CURL_CA_BUNDLE";
  trust.file = value("CURL_CA_BUNDLE");
  if (trust.file.empty()) {
    file_from = "SSL_CERT_FILE";
    trust.file = value("SSL_CERT_FILE");
    trust.folder = value("SSL_CERT_DIR");
  }
  if (!trust.file.empty()) {
    if (auto fine = Check(file_from, trust.file, false); !fine) return base::Fail(fine.error());
  }
  if (trust.file.empty() && trust.folder.empty()) trust.file = OtherBundle("");
  // Several, as in PATH.
  for (std::string_view folder : base::Split(trust.folder, ':')) {
    if (folder.empty()) continue;
    auto fine = Check("SSL_CERT_DIR", std::string(folder), true);
    if (!fine) return base::Fail(fine.error());
  }
  return trust;
}

std::string OtherBundle(const std::string& root) {
  constexpr const char* kDebian = "/etc/ssl/certs/ca-certificates.crt";
  constexpr const char* kOthers[] = {"/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
                                     "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                                     "/etc/ssl/cert.pem"};
  if (access((root + kDebian).c_str(), R_OK) == 0) return {};
  for (const char* path : kOthers) {
    if (access((root + path).c_str(), R_OK) == 0) return root + path;
  }
  return {};
}

}  // namespace viasync::http
