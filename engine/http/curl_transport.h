// Transport over libcurl's multi interface: one thread, one connection pool, HTTP/2 where offered.
// TLS is verified, redirects are not followed, nothing but http and https is spoken. A GET whose
// connection dies before the first byte of the answer may be repeated by libcurl; a write never is.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/http/transport.h"

namespace viasync::http {

struct CurlOptions {
  std::string ca_file;    // empty = the system's
  std::string ca_folder;  // besides; empty = none
  base::Millis connect_timeout{10'000};
  base::Millis total_timeout{60'000};  // of one exchange
  std::size_t connections_max = 64;
  std::string user_agent = "viasync";
  // Told every `waiting_every` during which no byte came, though something was asked for.
  base::Millis waiting_every{15'000};
  std::function<void(std::string)> waiting{};
};

// `clock` must tell real time: libcurl's own time-outs do.
std::unique_ptr<Transport> MakeCurlTransport(CurlOptions options,
                                             base::Clock& clock = base::SystemClock());

}  // namespace viasync::http
