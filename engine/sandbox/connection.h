// cpp-httplib's server with its own handling of connections: an answer leaves in one piece (no
// delay by Nagle), idle connections cost nothing, and a handler can drop its connection before the
// first byte of the answer, which the library itself offers no way to do.
#pragma once

#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/ports.h"

namespace viasync::sandbox {

// One open connection. Lives on the thread that serves it.
class Connection : public httplib::Stream {
 public:
  explicit Connection(socket_t socket) : socket_(socket) {}

  // The connection whose request this thread is handling; nullptr: none.
  static Connection* Current();

  // No byte of the answer leaves; the connection closes when the handler returns. `reset`: by RST.
  void Drop(bool reset);
  // Whether a byte can be read, or the other side has gone, within the time.
  bool WaitReadable(base::Millis timeout) const;
  // Sends what has been written. False: the connection is broken or dropped.
  bool Flush();
  void Close();

  bool is_readable() const override;
  bool is_writable() const override { return !dropped_; }
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  socket_t socket_;
  char received_[8192];
  std::size_t received_begin_ = 0;
  std::size_t received_end_ = 0;
  std::string to_send_;
  bool dropped_ = false;
  bool reset_ = false;
};

// Threads for connections, made as they are needed: the library's pool makes all of them before it
// accepts anything, which takes seconds for hundreds on a busy machine.
class ConnectionThreads : public httplib::TaskQueue {
 public:
  explicit ConnectionThreads(std::size_t threads_max) : threads_max_(threads_max) {}

  void enqueue(std::function<void()> task) override;
  void shutdown() override;

 private:
  void Work();

  const std::size_t threads_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
};

class HttpServer : public httplib::Server {
 public:
  // `compress`: honour Accept-Encoding; costs the server more than all the rest of a request.
  explicit HttpServer(bool compress) : compress_(compress) {}

  // The library asks for a queue of 5 connections, which a client that opens 64 at once overruns.
  // Requires: bound.
  void DeepenBacklog();
  // Stops accepting and closes all connections; their threads end soon after.
  void Shutdown();

 private:
  bool process_and_close_socket(socket_t socket) override;
  void Serve(Connection& connection);

  const bool compress_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::set<socket_t> open_;
};

}  // namespace viasync::sandbox
