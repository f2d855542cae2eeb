// RawServer: a TCP server of a few lines that answers with exactly the bytes a test gives it, so
// that a test can lose answers, cut them off, or never end them. One thread, loopback only.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/ports.h"

namespace viasync::http {

class RawServer {
 public:
  // What to do with a request, the `nth` (from 1) on its connection. The bytes are sent as they
  // are; then the connection stays open, or closes.
  struct Reply {
    std::string bytes;
    bool close = false;
    bool endless = false;   // the bytes again and again, until the client hangs up
    base::Millis pause{0};  // between them
  };
  using Handler = std::function<Reply(const std::string& request, int nth)>;

  explicit RawServer(Handler handler);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::string Url(std::string_view path) const;

  // Every request that reached the server, head and body, in order.
  std::vector<std::string> requests() const;
  int connections() const { return connections_; }

 private:
  void Serve();
  bool ServeOne(int socket, std::string& pending, int nth);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  int stop_[2] = {-1, -1};  // a pipe: closing its end stops the thread
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::atomic<int> connections_ = 0;
  std::thread thread_;
};

// `HTTP/1.1 200 OK` with a Content-Length, the given headers (each with its line end) and body.
std::string Http200(const std::string& body, const std::string& headers = {});

}  // namespace viasync::http
