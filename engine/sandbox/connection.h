// cpp-httplib's server with its own handling of connections: an answer leaves in one piece (no
// delay by Nagle), idle connections cost nothing, and a handler can drop its connection before the
// first byte of the answer, which the library itself offers no way to do. Nobody can starve it:
// what is not yet a whole request has little room and time, and is closed where connections are
// scarce.
#pragma once

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
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

  // Between these two a request is being read: its head within bounds of size and time.
  void BeginRequest();
  void EndHead(httplib::Request& request);
  // The whole request is there: from now on the connection is not closed to make room.
  void BeginAnswer() { answering_ = true; }
  void EndAnswer();

  // Why the request is not answered as usual: a status and a reason; 0 = it is.
  int refusal_status() const { return refusal_status_; }
  const std::string& refusal() const { return refusal_; }

  // Since when it has been waiting for a whole request; nullopt: it is being answered, or closed.
  std::optional<std::chrono::steady_clock::time_point> WaitingSince() const;
  // Wakes its thread, which then ends. From any thread.
  void GiveUp();

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
  bool in_head_ = false;
  std::size_t head_bytes_ = 0;
  std::chrono::steady_clock::time_point head_begun_{};
  int refusal_status_ = 0;
  std::string refusal_;
  std::atomic<bool> answering_ = false, given_up_ = false;
  std::atomic<std::chrono::steady_clock::time_point> since_{std::chrono::steady_clock::now()};
};

// Threads for connections, made as they are needed: the library's pool makes all of them before it
// accepts anything, which takes seconds for hundreds on a busy machine.
class ConnectionThreads : public httplib::TaskQueue {
 public:
  // `full` is called where a connection finds no thread, and again and again while one waits.
  ConnectionThreads(std::size_t threads_max, std::function<void()> full)
      : threads_max_(threads_max), full_(std::move(full)) {}

  void enqueue(std::function<void()> task) override;
  void shutdown() override;

 private:
  void Work();
  bool IsFull() const;

  const std::size_t threads_max_;
  const std::function<void()> full_;
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
  // Closes the connection that has waited longest for a whole request.
  void MakeRoom();
  // Stops accepting and closes all connections; their threads end soon after.
  void Shutdown();

 private:
  bool process_and_close_socket(socket_t socket) override;
  void Serve(Connection& connection);

  const bool compress_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  void CloseLongest(const Connection* except);
  std::map<socket_t, Connection*> open_;
  bool owes_room_ = false;  // one waits for a thread, and nobody could give it room yet
};

}  // namespace viasync::sandbox
