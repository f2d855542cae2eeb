#include "engine/sandbox/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>

namespace viasync::sandbox {
namespace {

constexpr base::Millis kReadTimeout{10'000};
constexpr base::Millis kIdleTimeout{3'600'000};
constexpr std::size_t kFlushBytes = 64 * 1024;
constexpr std::size_t kHeadBytesMax = 64 * 1024;
constexpr base::Millis kHeadTime{10'000};                             // all of it
constexpr std::uint64_t kBodyMax = 32u << 20, kUploadMax = 1u << 30;  // bytes
constexpr std::string_view kUploads = "/media/";
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

void Connection::BeginRequest() {
  in_head_ = true;
  head_bytes_ = 0;
  head_begun_ = std::chrono::steady_clock::now();
  refusal_status_ = 0;
  refusal_.clear();
}

// The body of a request that is refused is not waited for, so the connection ends with the answer.
void Connection::EndHead(httplib::Request& request) {
  in_head_ = false;
  auto refuse = [&](int status, const char* why) {
    refusal_status_ = status;
    refusal_ = why;
    request.headers.erase("Content-Length");
    request.headers.erase("Transfer-Encoding");
    request.headers.erase("Expect");
    request.headers.emplace("Content-Length", "0");
  };
  // Which of two is looked at, and which is acted on, would be anybody's guess.
  if (request.get_header_value_count("Host") > 1) return refuse(400, "There are two Host");
  if (request.get_header_value_count("Origin") > 1) return refuse(400, "There are two Origin");
  const std::size_t lengths = request.get_header_value_count("Content-Length");
  if (lengths > 1) return refuse(400, "There are two Content-Length");
  if (lengths == 0) return;
  if (request.has_header("Transfer-Encoding")) {
    return refuse(400, "Content-Length and Transfer-Encoding exclude each other");
  }
  const std::string text = request.get_header_value("Content-Length");
  std::uint64_t bytes = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (failed == std::errc::invalid_argument || end != text.data() + text.size()) {
    return refuse(400, "Content-Length is not a number");
  }
  const bool upload = request.path.starts_with(kUploads);
  const bool large = failed != std::errc() || bytes > (upload ? kUploadMax : kBodyMax);
  if (large) return refuse(413, "The body is too large");
}

void Connection::EndAnswer() {
  since_ = std::chrono::steady_clock::now();
  answering_ = false;
}

std::optional<std::chrono::steady_clock::time_point> Connection::WaitingSince() const {
  if (answering_ || given_up_) return std::nullopt;
  return since_.load();
}

void Connection::GiveUp() {
  given_up_ = true;
  ::shutdown(socket_, SHUT_RDWR);
}

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
    head_bytes_ += in_head_ ? static_cast<std::size_t>(count) : 0;
    const bool late = in_head_ && std::chrono::steady_clock::now() - head_begun_ > kHeadTime;
    if (late || head_bytes_ > kHeadBytesMax) return -1;
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
  bool full = false;
  {
    std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
    full = IsFull();
    if (waiting_.size() > idle_ && !full) threads_.emplace_back([this] { Work(); });
    wake_.notify_one();
  }
  if (full) full_();
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
    const bool full = IsFull();
    lock.unlock();
    if (full) full_();
    task();
    lock.lock();
  }
}

// Requires: the lock. Some wait, and no thread will be free for them by itself.
bool ConnectionThreads::IsFull() const {
  return waiting_.size() > idle_ && threads_.size() >= threads_max_;
}

void HttpServer::DeepenBacklog() { ::listen(svr_sock_, kBacklog); }

void HttpServer::Shutdown() {
  stopping_ = true;
  stop();
  std::lock_guard lock(mutex_);
  for (const auto& [socket, connection] : open_) ::shutdown(socket, SHUT_RDWR);
}

void HttpServer::MakeRoom() {
  std::lock_guard lock(mutex_);
  owes_room_ = true;
  CloseLongest(nullptr);
}

// Requires: the lock.
void HttpServer::CloseLongest(const Connection* except) {
  Connection* longest = nullptr;
  std::chrono::steady_clock::time_point longest_since;
  for (const auto& [socket, connection] : open_) {
    const auto since = connection->WaitingSince();
    if (!since || connection == except || (longest && *since >= longest_since)) continue;
    longest = connection;
    longest_since = *since;
  }
  if (!longest) return;
  longest->GiveUp();
  owes_room_ = false;
}

bool HttpServer::process_and_close_socket(socket_t socket) {
  int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Connection connection(socket);
  {
    std::lock_guard lock(mutex_);
    open_.emplace(socket, &connection);
    if (owes_room_) CloseLongest(&connection);
  }
  Serve(connection);
  // Closed under the lock: Shutdown() must not meet a number that the system has given away anew.
  std::lock_guard lock(mutex_);
  open_.erase(socket);
  owes_room_ = false;  // this one gives its room
  connection.Close();
  return true;
}

void HttpServer::Serve(Connection& connection) {
  auto prepare = [&](httplib::Request& request) {
    connection.EndHead(request);
    if (!compress_) request.headers.erase("Accept-Encoding");
  };
  current_connection = &connection;
  bool keep = true;
  while (keep && !stopping_ && connection.WaitReadable(kIdleTimeout)) {
    bool closed = false;
    connection.BeginRequest();
    keep = process_request(connection, /*close_connection=*/false, closed, prepare);
    keep = connection.Flush() && keep && !closed && connection.refusal_status() == 0;
    connection.EndAnswer();
  }
  current_connection = nullptr;
}

}  // namespace viasync::sandbox
