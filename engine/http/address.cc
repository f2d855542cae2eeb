#include "engine/http/address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "engine/base/strings.h"

namespace viasync::http {
namespace {

struct Net4 {
  std::uint32_t net;
  int bits;
  Reach reach;
};
constexpr Net4 kNets4[] = {
    {0x00000000, 8, Reach::kLoopback},   // "this network": 0.0.0.0 connects to this machine
    {0x7f000000, 8, Reach::kLoopback},   // 127/8
    {0xa9fe0000, 16, Reach::kLoopback},  // 169.254/16: link-local, metadata services
    {0xe0000000, 3, Reach::kLoopback},   // 224/3: multicast, reserved, broadcast
    {0x0a000000, 8, Reach::kPrivate},    // 10/8
    {0xac100000, 12, Reach::kPrivate},   // 172.16/12
    {0xc0a80000, 16, Reach::kPrivate},   // 192.168/16
    {0x64400000, 10, Reach::kPrivate},   // 100.64/10: carrier-grade NAT
    {0xc0000000, 24, Reach::kPrivate},   // 192.0.0/24: protocol assignments
    {0xc6120000, 15, Reach::kPrivate},   // 198.18/15: benchmarks
};

Reach OfIpv4(std::uint32_t address) {
  for (const Net4& net : kNets4) {
    const std::uint32_t mask = ~std::uint32_t{0} << (32 - net.bits);
    if ((address & mask) == net.net) return net.reach;
  }
  return Reach::kPublic;
}

std::uint32_t Word(const unsigned char* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
         std::uint32_t{bytes[2]} << 8 | bytes[3];
}

Reach OfIpv6(const unsigned char (&bytes)[16]) {
  const std::uint32_t words[] = {Word(bytes), Word(bytes + 4), Word(bytes + 8), Word(bytes + 12)};
  if (words[0] == 0 && words[1] == 0) {
    if (words[2] == 0 && words[3] <= 1) return Reach::kLoopback;       // ::, ::1
    if (words[2] == 0 || words[2] == 0xffff) return OfIpv4(words[3]);  // compatible, mapped
    if (words[2] == 0xffff0000) return OfIpv4(words[3]);               // translated
  }
  if (words[0] == 0x0064ff9b) {  // NAT64
    return words[1] == 0 && words[2] == 0 ? OfIpv4(words[3]) : Reach::kPrivate;
  }
  if (words[0] >> 16 == 0x2002) return OfIpv4(words[0] << 16 | words[1] >> 16);  // 6to4
  if ((bytes[0] & 0xfe) == 0xfc) return Reach::kPrivate;                         // fc00::/7
  if (bytes[0] == 0xfe && bytes[1] >= 0xc0) return Reach::kPrivate;              // fec0::/10, site
  if (bytes[0] == 0xfe && bytes[1] >= 0x80) return Reach::kLoopback;             // fe80::/10, link
  if (bytes[0] == 0xff) return Reach::kLoopback;                                 // multicast
  return Reach::kPublic;
}

// The host as libcurl will ask for it: numbers of every form have become addresses.
std::string HostOf(const std::string& url) {
  std::unique_ptr<CURLU, void (*)(CURLU*)> parts(curl_url(), curl_url_cleanup);
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  char* text = nullptr;
  if (curl_url_get(parts.get(), CURLUPART_HOST, &text, 0) != CURLUE_OK || !text) return {};
  std::string host = text;
  curl_free(text);
  if (host.starts_with('[')) host = host.substr(1, host.find(']') - 1);
  host = host.substr(0, host.find('%'));  // the zone
  while (host.ends_with('.')) host.pop_back();
  return base::ToLower(host);
}

}  // namespace

std::string_view ReachName(Reach reach) {
  switch (reach) {
    case Reach::kPublic:
      return "a public address";
    case Reach::kPrivate:
      return "a private address";
    case Reach::kLoopback:
      break;
  }
  return "an address of this machine or its link";
}

Reach ReachOf(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, address, sizeof v4);
    return OfIpv4(ntohl(v4.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return Reach::kLoopback;
  sockaddr_in6 v6;
  std::memcpy(&v6, address, sizeof v6);
  return OfIpv6(v6.sin6_addr.s6_addr);
}

std::optional<Reach> ReachOf(const std::string& ip) {
  in_addr v4{};
  if (inet_pton(AF_INET, ip.c_str(), &v4) == 1) return OfIpv4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, ip.substr(0, ip.find('%')).c_str(), &v6) == 1) return OfIpv6(v6.s6_addr);
  return std::nullopt;
}

std::optional<Reach> LiteralReach(const std::string& url) {
  const std::string host = HostOf(url);
  if (host == "localhost" || host.ends_with(".localhost")) return Reach::kLoopback;
  return ReachOf(host);
}

bool UsesProxy(std::string_view url) {
  static const bool set = [] {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) {
      const char* value = std::getenv(name);
      if (value && *value) return true;
    }
    return false;
  }();
  return set && !url.starts_with("http://");  // that is for loopback, and never through a proxy
}

}  // namespace viasync::http
