// TLS in front of a sandbox, with certificates made for the test: what a client meets in
// production.
#pragma once

#include <httplib.h>

#include <memory>
#include <string>
#include <thread>

namespace viasync::e2e {

// A self-made authority that signs certificates; everything as PEM files in `folder`.
class Authority {
 public:
  explicit Authority(std::string folder);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  std::string file() const;  // its own certificate: what `ca_file` names
  // A certificate for `host` (a name or an address) that is good from now on for `days`; with a
  // negative number it has expired. Returns the paths of certificate and key.
  std::pair<std::string, std::string> Sign(const std::string& host, int days);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Hands every request on to `behind` and its answer back.
class TlsProxy {
 public:
  TlsProxy(const std::string& behind, const std::string& certificate, const std::string& key);
  ~TlsProxy();
  TlsProxy(const TlsProxy&) = delete;
  TlsProxy& operator=(const TlsProxy&) = delete;

  std::string Url() const;  // https://127.0.0.1:PORT

 private:
  void HandOn(const httplib::Request& request, httplib::Response& response) const;

  std::string behind_;
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace viasync::e2e
