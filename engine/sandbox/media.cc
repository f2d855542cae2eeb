// The media storage: its keys, signed URLs, and what happens at one.
#include <fmt/format.h>

#include "engine/base/strings.h"
#include "engine/sandbox/jobs.h"

namespace viasync::sandbox {
namespace {

constexpr Spec kQuery[] = {
    {"prefix", Type::kString}, {"objectKey", Type::kString}, {"operation", Type::kString}};

Answer ListKeys(const Org& org, const std::string& prefix) {
  Answer answer;
  ObjectWriter writer(answer.body);
  AppendArray(writer.Raw("objectKeys"), org.bulk.files.Keys(prefix),
              [](std::string& out, const std::string& key) { AppendJsonString(out, key); });
  writer.Close();
  return answer;
}

Answer Sign(Org& org, const Call& call, const std::string& key, const std::string& operation) {
  const bool upload = operation == "upload";
  if (!upload && !org.bulk.files.Has(key)) return NotFound("object", key);
  base::Random& random = base::SystemRandom();
  const std::string token = fmt::format("{:016x}{:016x}", random.Next(), random.Next());
  org.bulk.urls[token] = {key, upload,
                          call.now + std::chrono::seconds(call.settings.signed_url_lifetime_s)};
  Answer answer;
  ObjectWriter writer(answer.body);
  writer("signedUrl",
         fmt::format("http://{}{}{}?signature={}", call.host, kMediaPrefix, org.name, token));
  writer.Close();
  return answer;
}

Answer Refuse(int status, std::string why) {
  return ErrorAnswer(status, "signedUrl", "refused", std::move(why));
}

}  // namespace

Answer HandleMedia(Org& org, const Call& call) {
  if (!call.id || *call.id != "objectKeys") return NotFound("path", call.id.value_or(""));
  if (call.method != "GET") return MethodNotAllowed("GET");
  Problems problems;
  CheckQuery(call, kQuery, /*paging=*/false, problems);
  const auto key = Param(call, "objectKey");
  const std::string operation = Param(call, "operation").value_or("");
  if (key && operation != "download" && operation != "upload") {
    problems.push_back({"operation", "invalidParameter", "Must be download or upload"});
  }
  if (!problems.empty()) return ErrorAnswer(400, problems);
  if (!key) return ListKeys(org, Param(call, "prefix").value_or(""));
  return Sign(org, call, *key, operation);
}

Answer HandleSigned(Org& org, const SignedRequest& request) {
  if (request.credentials) return Refuse(400, "A signed URL takes no credentials");
  auto url = org.bulk.urls.find(request.token);
  if (url == org.bulk.urls.end()) return Refuse(403, "The signature is unknown or was used");
  const SignedUrl signed_url = url->second;
  if (request.method != (signed_url.upload ? "PUT" : "GET")) {
    return Refuse(403, "The signature is for another method");
  }
  org.bulk.urls.erase(url);
  if (request.now >= signed_url.expires) return Refuse(403, "The signature has expired");
  Answer answer;
  if (signed_url.upload) {
    if (!org.bulk.files.Put(signed_url.key, request.body)) return Refuse(400, "No such key");
    answer.wrote = true;
    return answer;
  }
  auto file = org.bulk.files.Get(signed_url.key);
  if (!file) return NotFound("object", signed_url.key);
  answer.body = std::move(*file);
  answer.content_type = "application/zip";
  return answer;
}

}  // namespace viasync::sandbox
