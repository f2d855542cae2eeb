#include "engine/sandbox/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace viasync::sandbox {
namespace {

constexpr base::Millis kReadTimeout{10'000};
constexpr base::Millis kIdleTimeout{3'600'000};
constexpr std::size_t kFlushBytes = 64 * 1024;
constexpr int kBacklog = 1024;

thread_local Connection* current_connection = nullptr;

// The address of an IPv4 or IPv6 socket, by getpeername or getsockname.
void ReadAddress(socket_t socket, int (*get)(int, sockaddr*, socklen_t*), std::string& ip,
                 int& port) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  if (get(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return;
  char text[INET6_ADDRSTRLEN] = "";
  if (address.ss_family == AF_INET) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address);
    inet_ntop(AF_INET, &v4->sin_addr, text, sizeof text);
    port = ntohs(v4->sin_port);
  } else {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address);
    inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof text);
    port = ntohs(v6->sin6_port);
  }
  ip = text;
}

}  // namespace

Connection* Connection::Current() { return current_connection; }

void Connection::Drop(bool reset) {
  dropped_ = true;
  reset_ = reset;
  to_send_.clear();
}

bool Connection::WaitReadable(base::Millis timeout) const {
  if (received_begin_ < received_end_) return true;
  pollfd poll_for{socket_, POLLIN, 0};
  return ::poll(&poll_for, 1, static_cast<int>(timeout.count())) > 0;
}

bool Connection::is_readable() const { return WaitReadable(kReadTimeout); }

ssize_t Connection::read(char* data, size_t size) {
  if (received_begin_ == received_end_) {
    // `100 Continue` must be out before its body is waited for.
    if (!Flush() || !WaitReadable(kReadTimeout)) return -1;
    ssize_t count = ::recv(socket_, received_, sizeof received_, 0);
    if (count <= 0) return count;
    received_begin_ = 0;
    received_end_ = static_cast<std::size_t>(count);
  }
  std::size_t taken = std::min(size, received_end_ - received_begin_);
  std::memcpy(data, received_ + received_begin_, taken);
  received_begin_ += taken;
  return static_cast<ssize_t>(taken);
}

ssize_t Connection::write(const char* data, size_t size) {
  if (dropped_) return -1;
  to_send_.append(data, size);
  if (to_send_.size() >= kFlushBytes && !Flush()) return -1;
  return static_cast<ssize_t>(size);
}

bool Connection::Flush() {
  if (dropped_) return false;
  std::size_t sent = 0;
  while (sent < to_send_.size()) {
    ssize_t count = ::send(socket_, to_send_.data() + sent, to_send_.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      Drop(/*reset=*/true);
      return false;
    }
    sent += static_cast<std::size_t>(count);
  }
  to_send_.clear();
  return true;
}

void Connection::Close() {
  if (reset_) {
    linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else {
    ::shutdown(socket_, SHUT_RDWR);
  }
  ::close(socket_);
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ReadAddress(socket_, ::getpeername, ip, port);
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ReadAddress(socket_, ::getsockname, ip, port);
}

void ConnectionThreads::enqueue(std::function<void()> task) {
  std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(task));
  if (waiting_.size() > idle_ && threads_.size() < threads_max_) {
    threads_.emplace_back([this] { Work(); });
  }
  wake_.notify_one();
}

void ConnectionThreads::shutdown() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ConnectionThreads::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    --idle_;
    if (waiting_.empty()) return;
    auto task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

void HttpServer::DeepenBacklog() { ::listen(svr_sock_, kBacklog); }

void HttpServer::Shutdown() {
  stopping_ = true;
  stop();
  std::lock_guard lock(mutex_);
  for (socket_t socket : open_) ::shutdown(socket, SHUT_RDWR);
}

bool HttpServer::process_and_close_socket(socket_t socket) {
  int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Connection connection(socket);
  {
    std::lock_guard lock(mutex_);
    open_.insert(socket);
  }
  Serve(connection);
  // Closed under the lock: Shutdown() must not meet a number that the system has given away anew.
  std::lock_guard lock(mutex_);
  open_.erase(socket);
  connection.Close();
  return true;
}

void HttpServer::Serve(Connection& connection) {
  auto prepare = [&](httplib::Request& request) {
    if (!compress_) request.headers.erase("Accept-Encoding");
  };
  current_connection = &connection;
  bool keep = true;
  while (keep && !stopping_ && connection.WaitReadable(kIdleTimeout)) {
    bool closed = false;
    keep = process_request(connection, /*close_connection=*/false, closed, prepare);
    keep = connection.Flush() && keep && !closed;
  }
  current_connection = nullptr;
}

}  // namespace viasync::sandbox
