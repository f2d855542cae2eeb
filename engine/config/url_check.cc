#include "engine/config/url_check.h"

#include <algorithm>

#include "engine/base/strings.h"
#include "engine/config/problems.h"

namespace viasync::config {
std::string_view AuthorityOf(std::string_view url) {
  std::string_view rest = url.substr(std::min(url.size(), url.find("://") + 3));
  return rest.substr(0, rest.find_first_of("/?#"));
}

bool IsLoopback(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  auto parts = base::Split(host, '.');
  auto number = [](std::string_view part) {
    return !part.empty() && part.size() <= 3 &&
           part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return parts.size() == 4 && parts[0] == "127" && std::ranges::all_of(parts, number);
}

std::optional<ValueProblem> CheckUrl(std::string_view url) {
  // Behind these may stand a key, and in front of an `@` a password.
  const std::string shown(url.substr(0, url.find_first_of("?#")));
  if (url.find('@') != std::string_view::npos) {
    return ValueProblem{"a user or password must not stand in a URL",
                        "remove it; credentials come from VIASYNC_<ENV>_… variables"};
  }
  bool https = url.starts_with("https://");
  bool http = url.starts_with("http://");
  std::string_view authority = AuthorityOf(url);
  std::string_view host = authority;
  if (host.starts_with('[')) {
    host = host.substr(0, host.find(']') + 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  if ((!https && !http) || host.empty()) {
    return ValueProblem{Quoted(shown) + " is not a URL", "write it as https://host.example"};
  }
  if (http && !IsLoopback(host)) {
    return ValueProblem{"plain http would send credentials in the clear to " + Quoted(host),
                        "use https; http is for this machine alone (127.0.0.1, localhost)"};
  }
  if (url.find_first_of("?# \t\n\\\"<>") != std::string_view::npos || base::Printable(url) != url) {
    return ValueProblem{Quoted(shown) + " has characters in or behind it that do not belong there",
                        "write only https://host.example and a path"};
  }
  return {};
}

}  // namespace viasync::config
