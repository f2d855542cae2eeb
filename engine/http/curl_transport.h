// Transport over libcurl's multi interface: one thread, one connection pool, HTTP/2 where offered.
#pragma once

#include <memory>
#include <string>

#include "engine/base/ports.h"
#include "engine/http/transport.h"

namespace viasync::http {

struct CurlOptions {
  std::string ca_file;  // empty = the system's
  base::Millis connect_timeout{10'000};
  base::Millis total_timeout{60'000};  // of one exchange
  std::size_t connections_max = 64;
  std::string user_agent = "viasync";
};

std::unique_ptr<Transport> MakeCurlTransport(CurlOptions options);

}  // namespace viasync::http
