#include "tests/fakes/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <deque>

namespace viasync::fakes {
namespace {

using Time = std::chrono::steady_clock::time_point;

int Connect(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return fd;
  }
  close(fd);
  return -1;
}

// With a reset, so that nobody waits for the rest.
void Reset(int fd) {
  if (fd < 0) return;
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close(fd);
}

bool SendAll(int fd, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t n = send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

struct Piece {
  Time due;
  std::string bytes;
};

}  // namespace

TcpProxy::TcpProxy(int target_port, std::chrono::milliseconds delay)
    : target_(target_port), delay_(delay) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

TcpProxy::~TcpProxy() {
  stop_ = true;
  acceptor_.join();
  for (auto& pump : pumps_) pump.join();
  close(listener_);
}

void TcpProxy::CutAfter(const std::string& text, int times, bool delivered) {
  const std::lock_guard lock(mutex_);
  text_ = text;
  times_ = times;
  delivered_ = delivered;
}

void TcpProxy::Block(bool block) { blocked_ = block; }

bool TcpProxy::MustCut(const std::string& piece) {
  const std::lock_guard lock(mutex_);
  if (times_ == 0 || piece.find(text_) == std::string::npos) return false;
  --times_;
  return true;
}

void TcpProxy::Accept() {
  while (!stop_) {
    pollfd entry{.fd = listener_, .events = POLLIN, .revents = 0};
    if (poll(&entry, 1, 20) <= 0) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    const int server = blocked_ ? -1 : Connect(target_);
    if (server < 0) {
      Reset(client);
      continue;
    }
    pumps_.emplace_back([this, client, server] { Pump({client, server}); });
  }
}

void TcpProxy::Pump(Pair pair) {
  std::deque<Piece> to_server, to_client;
  while (!stop_ && !blocked_) {
    const Time now = std::chrono::steady_clock::now();
    auto forward = [&](std::deque<Piece>& pieces, int fd) {
      while (!pieces.empty() && pieces.front().due <= now) {
        if (!SendAll(fd, pieces.front().bytes)) return false;
        pieces.pop_front();
      }
      return true;
    };
    if (!forward(to_server, pair.server) || !forward(to_client, pair.client)) break;
    int wait = 20;
    for (const auto* pieces : {&to_server, &to_client}) {
      if (pieces->empty()) continue;
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(pieces->front().due - now).count();
      wait = std::min(wait, static_cast<int>(std::max<long>(left, 0)));
    }
    pollfd entries[] = {{.fd = pair.client, .events = POLLIN, .revents = 0},
                        {.fd = pair.server, .events = POLLIN, .revents = 0}};
    if (poll(entries, 2, wait) <= 0) continue;
    std::string buffer(1 << 16, '\0');
    if (entries[0].revents) {
      const ssize_t n = recv(pair.client, buffer.data(), buffer.size(), 0);
      if (n <= 0) break;
      std::string piece(buffer.data(), static_cast<std::size_t>(n));
      if (MustCut(piece)) {
        if (delivered_) {
          // The server gets all of it and does it; its answer stays here.
          (void)SendAll(pair.server, piece);
          pollfd answer{.fd = pair.server, .events = POLLIN, .revents = 0};
          poll(&answer, 1, 2'000);
        }
        ++cuts_;
        break;
      }
      to_server.push_back({std::chrono::steady_clock::now() + delay_, std::move(piece)});
    }
    if (entries[1].revents) {
      const ssize_t n = recv(pair.server, buffer.data(), buffer.size(), 0);
      if (n <= 0) break;
      to_client.push_back({std::chrono::steady_clock::now() + delay_,
                           std::string(buffer.data(), static_cast<std::size_t>(n))});
    }
  }
  Reset(pair.client);
  Reset(pair.server);
}

}  // namespace viasync::fakes
