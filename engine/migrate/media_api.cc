// The vendor's media storage. A signed URL is good once and for minutes, so every try asks for one
// of its own; it gets no credentials, and its query is shown nowhere.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/api/media.h"
#include "engine/base/redact.h"
#include "engine/base/strings.h"
#include "engine/http/outcome_text.h"
#include "engine/migrate/job_status.h"
#include "engine/migrate/media_storage.h"
#include "engine/migrate/watch.h"

namespace viasync::migrate {
namespace {

constexpr int kTriesMax = 6;  // without a byte of progress in between
// A fresh URL may expire on its way; where fresh ones are refused in a row it is something else.
constexpr int kRefusalsMax = 3;
constexpr base::Millis kWaitFirst{300};
constexpr base::Millis kWaitMax{10'000};
constexpr int kLooksMax = 4;  // for an upload whose answer was lost
constexpr int kRedirectsMax = 4;
constexpr std::size_t kErrorBytesMax = 64u << 10;

base::Millis WaitBefore(int tries) {
  base::Millis wait = kWaitFirst * (1 << std::min(tries, 10));
  return std::min(wait, kWaitMax);
}

// What an answer of a signed URL asks for.
enum class Next { kDone, kNewUrl, kLater, kStartAnew, kGiveUp };

Next NextFor(int status) {
  if (status >= 200 && status < 300) return Next::kDone;
  // Used or expired; some storages say 400 to an expired one.
  if (status == 400 || status == 401 || status == 403 || status == 410) return Next::kNewUrl;
  if (status == 408 || status == 429 || status >= 500) return Next::kLater;
  return status == 416 ? Next::kStartAnew : Next::kGiveUp;
}

// Where a storage sends a download on to: another of its machines. Never from https to http.
std::optional<std::string> RedirectOf(const std::string& url, const http::Response& response) {
  const int status = response.status;
  const bool redirects =
      status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  if (!redirects) return std::nullopt;
  const std::string location(http::HeaderOf(response, "location"));
  if (location.starts_with("https://")) return location;
  const bool plain = location.starts_with("http://") && url.starts_with("http://");
  if (plain && api::IsSafeUrl(location)) return location;
  if (!location.starts_with('/') || location.starts_with("//")) return std::nullopt;
  const auto host_end = url.find('/', url.find("://") + 3);
  return url.substr(0, host_end) + location;
}

// `AccessDenied` of `<Code>AccessDenied</Code>`; empty where there is none. The rest of the body
// may quote the URL with its signature in whatever spelling, and is shown nowhere.
std::string CodeIn(std::string_view body) {
  constexpr std::string_view kOpen = "<Code>";
  constexpr std::size_t kCodeMax = 40;
  const auto at = body.find(kOpen);
  if (at == std::string_view::npos) return {};
  body.remove_prefix(at + kOpen.size());
  auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto end =
      static_cast<std::size_t>(std::ranges::find_if_not(body, is_letter) - body.begin());
  if (end > kCodeMax || !body.substr(end).starts_with("</Code>")) return {};
  return std::string(body.substr(0, end));
}

// What is secret in a signed URL: the values of its query.
void NoteSignature(std::string_view url) {
  const auto query = url.find('?');
  if (query == std::string_view::npos) return;
  for (std::string_view pair : base::Split(url.substr(query + 1), '&')) {
    constexpr std::size_t kSignatureMin = 16;
    const std::string_view value = pair.substr(pair.find('=') + 1);
    if (value.size() >= kSignatureMin) base::NoteSecret(value);
  }
}

base::Error Refused(http::Method method, const std::string& url, const http::Response& response) {
  const std::string code = CodeIn(response.body);
  return base::Error{
      .kind = response.status == 404 ? base::ErrorKind::kNotFound : base::ErrorKind::kRejected,
      .message = fmt::format("{} answered {}{}", http::NameOf(method, url), response.status,
                             code.empty() ? "" : " (" + code + ")"),
      .hint = "The media storage refused the file; see `media_storage` of the environment",
      .http_status = response.status};
}

// The key of a file; a storage may leave the folder out of its keys, or put more in front.
std::optional<std::string> KeyOf(const std::vector<std::string>& keys, const std::string& wanted) {
  const std::string file = wanted.substr(wanted.rfind('/') + 1);
  for (const std::string& key : keys) {
    if (key == wanted || key.ends_with("/" + wanted) || key == file) return key;
  }
  return std::nullopt;
}

class ApiStorage final : public MediaStorage {
 public:
  ApiStorage(api::Session& session, model::MediaSettings settings)
      : session_(session), settings_(std::move(settings)) {}

  http::Task<base::Result<std::optional<std::string>>> Find(std::string folder,
                                                            std::string file) override;
  http::Task<base::Result<void>> Download(std::string key, std::string path, ByteProgress progress,
                                          StopFlag stop) override;
  http::Task<base::Result<void>> Upload(std::string path, std::string key, ByteProgress progress,
                                        StopFlag stop) override;

 private:
  http::Transport& transport() { return session_.client().transport(); }

  // Before a try that is not the first. Errors: kInterrupted.
  http::Task<base::Result<void>> Wait(int tries, StopFlag stop) {
    if (tries == 0) co_return base::Result<void>();
    const Patience patience{.stop = stop};
    const bool goes_on = co_await Nap(transport(), WaitBefore(tries), patience);
    if (goes_on) co_return base::Result<void>();
    co_return base::Fail(base::ErrorKind::kInterrupted, "stopped on request", "Run again to go on");
  }

  http::Task<base::Result<http::Response>> Exchange(http::Request request) {
    const std::string name = http::NameOf(request.method, request.url);
    const base::Millis sent = transport().clock().Steady();
    request.nearest = session_.reach();
    auto exchange = http::Exchange(transport(), std::move(request));
    base::Result<http::Response> answer = co_await exchange;
    if (session_.client().trace) {
      const std::string status = answer ? fmt::format("{}", answer->status) : "no answer";
      session_.client().trace(
          fmt::format("{} {} {} ms", name, status, (transport().clock().Steady() - sent).count()));
    }
    co_return answer;
  }

  // A signed URL carries no credentials, so that a redirect may be followed.
  http::Task<base::Result<http::Response>> Fetch(http::Request request) {
    for (int redirects = 0;; ++redirects) {
      base::Result<http::Response> answer = co_await Exchange(request);
      if (!answer || redirects == kRedirectsMax) co_return answer;
      std::optional<std::string> next = RedirectOf(request.url, *answer);
      if (!next) co_return answer;
      request.url = std::move(*next);
    }
  }

  // Whether an upload whose answer was lost has arrived. It may take the storage a moment to show.
  http::Task<base::Result<bool>> HasArrived(std::string key) {
    for (int look = 0; look < kLooksMax; ++look) {
      if (look > 0) co_await http::Sleep(transport(), WaitBefore(look));
      base::Result<std::vector<std::string>> keys =
          co_await api::ListMediaKeys(session_, settings_, key);
      if (!keys) co_return base::Fail(std::move(keys.error()));
      if (std::ranges::find(*keys, key) != keys->end()) co_return true;
    }
    co_return false;
  }

  api::Session& session_;
  model::MediaSettings settings_;
};

http::Task<base::Result<std::optional<std::string>>> ApiStorage::Find(std::string folder,
                                                                      std::string file) {
  const std::string wanted = folder + WithZip(file);
  base::Result<std::vector<std::string>> keys =
      co_await api::ListMediaKeys(session_, settings_, wanted);
  if (!keys) co_return base::Fail(std::move(keys.error()));
  std::optional<std::string> found = KeyOf(*keys, wanted);
  if (found) co_return found;
  // A storage may take a prefix for a folder.
  keys = co_await api::ListMediaKeys(session_, settings_, folder);
  if (!keys) co_return base::Fail(std::move(keys.error()));
  found = KeyOf(*keys, wanted);
  co_return found;
}

http::Task<base::Result<void>> ApiStorage::Download(std::string key, std::string path,
                                                    ByteProgress progress, StopFlag stop) {
  base::Result<void> made = MakeFolders(path);
  if (!made) co_return made;
  base::Result<std::shared_ptr<PartFile>> part =
      PartFile::Open(PartPath(path, key), std::move(progress), stop);
  if (!part) co_return base::Fail(std::move(part.error()));
  base::Error last{};
  int refusals = 0;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    base::Result<void> waited = co_await Wait(tries, stop);
    if (!waited) co_return waited;
    base::Result<std::string> url =
        co_await api::GetSignedUrl(session_, settings_, api::MediaUse::kDownload, key);
    if (!url) co_return base::Fail(std::move(url.error()));
    NoteSignature(*url);
    http::Request request{.method = http::Method::kGet, .url = *url};
    request.response_bytes_max = kErrorBytesMax;
    request.sink = *part;
    const std::uint64_t had = (*part)->size();
    if (had > 0) request.headers.emplace_back("Range", fmt::format("bytes={}-", had));
    base::Result<http::Response> answer = co_await Fetch(std::move(request));
    if ((*part)->size() > had) tries = refusals = 0;
    if (!answer) {
      last = std::move(answer.error());
      const bool broken =
          last.kind == base::ErrorKind::kUnknown || last.kind == base::ErrorKind::kNetwork;
      if (!broken) co_return base::Fail(std::move(last));
      last.kind = base::ErrorKind::kUnavailable;
      continue;
    }
    const Next next = NextFor(answer->status);
    if (next == Next::kDone) co_return (*part)->MoveTo(path);
    last = Refused(http::Method::kGet, *url, *answer);
    if (next == Next::kNewUrl) ++refusals;
    if (next == Next::kGiveUp || refusals == kRefusalsMax) co_return base::Fail(std::move(last));
    if (next == Next::kStartAnew) {
      base::Result<void> cleared = (*part)->Clear();
      if (!cleared) co_return cleared;
    }
  }
  co_return base::Fail(std::move(last));
}

http::Task<base::Result<void>> ApiStorage::Upload(std::string path, std::string key,
                                                  ByteProgress progress, StopFlag stop) {
  base::Error last{};
  int refusals = 0;
  for (int tries = 0; tries < kTriesMax; ++tries) {
    base::Result<void> waited = co_await Wait(tries, stop);
    if (!waited) co_return waited;
    base::Result<std::string> url =
        co_await api::GetSignedUrl(session_, settings_, api::MediaUse::kUpload, key);
    if (!url) co_return base::Fail(std::move(url.error()));
    NoteSignature(*url);
    base::Result<std::shared_ptr<http::BodySource>> source = OpenSource(path, progress, stop);
    if (!source) co_return base::Fail(std::move(source.error()));
    http::Request request{.method = http::Method::kPut, .url = *url};
    request.response_bytes_max = kErrorBytesMax;
    request.source = *source;
    base::Result<http::Response> answer = co_await Exchange(std::move(request));
    bool sure = false;  // that nothing arrived
    if (answer) {
      const Next next = NextFor(answer->status);
      if (next == Next::kDone) co_return base::Result<void>();
      last = Refused(http::Method::kPut, *url, *answer);
      sure = next == Next::kNewUrl;
      if (sure) ++refusals;
      if (next == Next::kGiveUp || refusals == kRefusalsMax) co_return base::Fail(std::move(last));
    } else {
      last = std::move(answer.error());
      sure = last.kind == base::ErrorKind::kNetwork;
      if (!sure && last.kind != base::ErrorKind::kUnknown) co_return base::Fail(std::move(last));
    }
    if (sure) continue;
    base::Result<bool> arrived = co_await HasArrived(key);
    if (!arrived) co_return base::Fail(std::move(arrived.error()));
    if (*arrived) co_return base::Result<void>();
  }
  co_return base::Fail(std::move(last));
}

}  // namespace

std::unique_ptr<MediaStorage> MakeApiStorage(api::Session& session, model::MediaSettings settings) {
  return std::make_unique<ApiStorage>(session, std::move(settings));
}

}  // namespace viasync::migrate
