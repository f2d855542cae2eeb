// A proxy between a program and a server on loopback, to be cruel: it delays, or it lets something
// through and then cuts the connection before the answer.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace viasync::fakes {

class TcpProxy {
 public:
  // `delay`: of every piece, each way.
  explicit TcpProxy(int target_port, std::chrono::milliseconds delay = {});
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  int port() const { return port_; }
  // The next `times` pieces that hold `text` on their way to the server come before a cut.
  // `delivered`: they reach the server, only the answer does not come back; else they do not.
  void CutAfter(const std::string& text, int times, bool delivered = true);
  // So many were cut.
  int cuts() const { return cuts_; }
  // Nothing gets through any more, and connections are cut; or again.
  void Block(bool block);

 private:
  struct Pair {
    int client = -1, server = -1;
  };
  void Accept();
  void Pump(Pair pair);
  bool MustCut(const std::string& piece);

  const int target_;
  const std::chrono::milliseconds delay_;
  int port_ = 0, listener_ = -1;
  std::atomic<bool> stop_{false}, blocked_{false};
  std::atomic<int> cuts_{0};
  std::mutex mutex_;
  std::string text_;
  int times_ = 0;
  bool delivered_ = true;
  std::vector<std::thread> pumps_;
  std::thread acceptor_;
};

}  // namespace viasync::fakes
