#include "engine/sandbox/control_client.h"

#include <httplib.h>

#include "engine/base/json.h"
#include "engine/base/strings.h"
#include "engine/sandbox/control.h"

namespace viasync::sandbox {
namespace {

using nlohmann::json;

std::string PathOf(const std::string& path) { return std::string(kControlPrefix) + path; }

// The body of a good answer.
base::Result<std::string> Check(const std::string& url, const httplib::Result& answer) {
  if (!answer) {
    return base::Fail(base::ErrorKind::kNetwork, "no sandbox answers at " + base::Printable(url),
                      "start one with `viasync sandbox`, or name another with --url");
  }
  if (answer->status < 300) return answer->body;
  json body = base::ParseJson(answer->body);
  std::string why = "it answers " + std::to_string(answer->status);
  json::json_pointer message("/error/errors/0/message");
  if (body.is_object() && body.contains(message) && body[message].is_string()) {
    why = body[message].get<std::string>();
  }
  return base::Fail(base::ErrorKind::kRejected, "the sandbox refuses: " + base::Printable(why));
}

}  // namespace

base::Result<json> GetControl(const std::string& url, const std::string& path) {
  httplib::Client client(url);
  auto body = Check(url, client.Get(PathOf(path).c_str()));
  if (!body) return base::Fail(body.error());
  json value = base::ParseJson(*body);
  if (value.is_discarded()) {
    return base::Fail(base::ErrorKind::kProtocol,
                      "what answers at " + base::Printable(url) + " is not a sandbox");
  }
  return value;
}

base::Result<void> PostControl(const std::string& url, const std::string& path, const json& body) {
  httplib::Client client(url);
  auto answer = Check(url, client.Post(PathOf(path).c_str(),
                                       body.dump(-1, ' ', false, json::error_handler_t::replace),
                                       "application/json"));
  if (!answer) return base::Fail(answer.error());
  return {};
}

}  // namespace viasync::sandbox
