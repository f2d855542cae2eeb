#include "tests/http/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string_view>

namespace viasync::http {
namespace {

// The length of the first whole request in `bytes`; 0 = not whole yet.
std::size_t WholeRequest(std::string_view bytes) {
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  std::size_t length = head + 4;
  const auto field = bytes.substr(0, head).find("Content-Length: ");
  if (field != std::string_view::npos) {
    length += std::strtoul(bytes.data() + field + 16, nullptr, 10);
  }
  return bytes.size() >= length ? length : 0;
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

}  // namespace

RawServer::RawServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) || listen(listener_, 64) ||
      getsockname(listener_, generic, &size) || pipe(stop_)) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

RawServer::~RawServer() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

std::string RawServer::Url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
}

std::vector<std::string> RawServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

void RawServer::Serve() {
  struct Connection {
    std::string pending;
    int served = 0;
  };
  std::map<int, Connection> open;
  for (;;) {
    std::vector<pollfd> watched = {{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [socket, connection] : open) watched.push_back({socket, POLLIN, 0});
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[0].revents) break;
    if (watched[1].revents) {
      open.try_emplace(accept(listener_, nullptr, nullptr));
      ++connections_;
    }
    for (std::size_t i = 2; i < watched.size(); ++i) {
      if (!watched[i].revents) continue;
      const int socket = watched[i].fd;
      Connection& connection = open[socket];
      char buffer[16384];
      const ssize_t got = recv(socket, buffer, sizeof buffer, 0);
      bool keep = got > 0;
      if (keep) connection.pending.append(buffer, static_cast<std::size_t>(got));
      while (keep && WholeRequest(connection.pending)) {
        keep = ServeOne(socket, connection.pending, ++connection.served);
      }
      if (!keep) {
        close(socket);
        open.erase(socket);
      }
    }
  }
  for (const auto& [socket, connection] : open) close(socket);
}

bool RawServer::ServeOne(int socket, std::string& pending, int nth) {
  const std::string request = pending.substr(0, WholeRequest(pending));
  pending.erase(0, request.size());
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  const Reply reply = handler_(request, nth);
  bool sent = SendAll(socket, reply.bytes);
  while (sent && reply.endless) {
    std::this_thread::sleep_for(reply.pause);
    sent = SendAll(socket, reply.bytes);
  }
  return sent && !reply.close;
}

std::string Http200(const std::string& body, const std::string& headers) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers +
         "\r\n" + body;
}

}  // namespace viasync::http
