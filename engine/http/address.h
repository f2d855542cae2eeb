// How near an address is: what a URL that somebody else chose may reach. Pure but for the
// environment's proxies.
#pragma once

#include <sys/socket.h>

#include <optional>
#include <string>
#include <string_view>

namespace viasync::http {

// In this order: who may reach one may reach those before it.
enum class Reach {
  kPublic,
  kPrivate,   // 10/8, 172.16/12, 192.168/16, 100.64/10, fc00::/7 and their like
  kLoopback,  // this machine: 127/8, ::1, 0.0.0.0, link-local (169.254/16, fe80::/10), multicast
};
std::string_view ReachName(Reach reach);  // "a public address", "a private address", …

// IPv4 in IPv6 (mapped, compatible, 6to4, NAT64) counts as the IPv4 address that it stands for.
// Anything else than an internet address is kLoopback.
Reach ReachOf(const sockaddr* address);
// `10.1.2.3`, `fe80::1`; nullopt: the text is no address.
std::optional<Reach> ReachOf(const std::string& ip);

// Of the host of a URL where it needs no name server: an address in any form (`0x7f.1`,
// `2130706433`, `[::ffff:7f00:1]`), or `localhost`.
std::optional<Reach> LiteralReach(const std::string& url);

// Whether a proxy of the environment stands in between: what is connected then is the proxy.
bool UsesProxy(std::string_view url);

}  // namespace viasync::http
