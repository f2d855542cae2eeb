// A TCP connection without any HTTP library, to see exactly which bytes come back.
#pragma once

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace viasync::sandbox {

class RawConnection {
 public:
  // `url`: http://127.0.0.1:PORT
  explicit RawConnection(const std::string& url) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    timeval patience{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  }
  ~RawConnection() { ::close(fd_); }

  void Send(const std::string& text) {
    REQUIRE(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(text.size()));
  }

  // False: the other side takes no more.
  bool TrySend(const std::string& text) {
    return ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
  }

  // Up to `bytes_max`, until the other side closes or `until` has come.
  std::string Receive(const std::string& until = "", std::size_t bytes_max = 1 << 20) {
    std::string got;
    char buffer[4096];
    while (got.size() < bytes_max && (until.empty() || got.find(until) == std::string::npos)) {
      ssize_t count = ::recv(fd_, buffer, sizeof buffer, 0);
      error = count < 0 ? errno : 0;
      closed = count == 0;
      if (count <= 0) break;
      got.append(buffer, static_cast<std::size_t>(count));
    }
    return got;
  }

  int error = 0;        // of the last Receive
  bool closed = false;  // in order, by FIN

 private:
  int fd_;
};

}  // namespace viasync::sandbox
