#include "engine/http/transport.h"

namespace viasync::http {

std::string_view MethodName(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
  }
  std::abort();
}

std::string_view HeaderOf(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

Task<void> Sleep(Transport& transport, base::Millis wait) {
  auto pause = Callback<bool>([&transport, wait](auto done) {
    transport.After(wait, [done = std::move(done)]() mutable { done(true); });
  });
  co_await pause;
}

}  // namespace viasync::http
