#include "engine/http/curl_exchange.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "engine/base/strings.h"
#include "engine/http/outcome_text.h"

namespace viasync::http {
namespace {

constexpr std::size_t kHeaderBytesMax = 256u << 10;
constexpr long kIdleSecondsMax = 20;

bool HasControl(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// libcurl quotes the URL of a proxy that it cannot read, with the password in it.
std::string WithoutProxyUrl(std::string reason) {
  if (base::ToLower(reason).find("proxy") == std::string::npos) return reason;
  const auto open = reason.find('\''), close = reason.rfind('\'');
  if (open < close && close != std::string::npos) {
    reason.replace(open, close - open + 1, "(HTTPS_PROXY and its like; it is not shown)");
  }
  return reason;
}

bool IsPlainHttp(std::string_view url) { return url.starts_with("http://"); }

base::Error TooNear(const Request& request, Reach reach) {
  return {base::ErrorKind::kInvalid,
          fmt::format("{}: not sent: it leads to {}, and the org is not there itself",
                      NameOf(request.method, request.url), ReachName(reach)),
          "Find out who gave this URL: it may be meant to reach something inside your network"};
}

}  // namespace

CurlExchange::CurlExchange(const CurlOptions& options)
    : total_timeout_(options.total_timeout), easy_(curl_easy_init()) {
  if (!easy_) std::abort();  // out of memory
  Set(CURLOPT_PRIVATE, this);
  Set(CURLOPT_NOSIGNAL, 1L);
  Set(CURLOPT_PROTOCOLS_STR, "http,https");
  Set(CURLOPT_FOLLOWLOCATION, 0L);
  Set(CURLOPT_USERAGENT, options.user_agent.c_str());
  Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  Set(CURLOPT_TCP_NODELAY, 1L);
  Set(CURLOPT_TCP_KEEPALIVE, 1L);
  // A server that closes an idle connection just as a write goes out makes that write unsure,
  // though nothing happened. Servers wait 60 s or more as a rule; we never come near that.
  Set(CURLOPT_MAXAGE_CONN, kIdleSecondsMax);
  Set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) Set(CURLOPT_CAINFO, options.ca_file.c_str());
  // Only the bundle: a folder of certificates beside it keeps libcurl from sharing the parsed
  // bundle between connections, and with a `ca_file` it would trust more than the user said.
  const auto* built = curl_version_info(CURLVERSION_NOW);
  if (!options.ca_folder.empty()) {
    Set(CURLOPT_CAPATH, options.ca_folder.c_str());
  } else if (!options.ca_file.empty() || built->cainfo) {
    Set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  }
  Set(CURLOPT_OPENSOCKETFUNCTION, &OnSocket);
  Set(CURLOPT_OPENSOCKETDATA, this);
  Set(CURLOPT_ERRORBUFFER, reason_);
  Set(CURLOPT_HEADERFUNCTION, &OnHeader);
  Set(CURLOPT_HEADERDATA, this);
  Set(CURLOPT_WRITEFUNCTION, &OnBody);
  Set(CURLOPT_WRITEDATA, this);
  Set(CURLOPT_PREREQFUNCTION, &OnSend);
  Set(CURLOPT_PREREQDATA, this);
  Set(CURLOPT_READFUNCTION, &OnUpload);
  Set(CURLOPT_READDATA, this);
}

std::optional<base::Error> CurlExchange::Prepare(Request request, Done done, base::SendGate* gate) {
  gate_ = gate;
  held_back_ = false;
  request_ = std::move(request);
  done_ = std::move(done);
  response_ = {};
  header_bytes_ = 0;
  sent_ = head_whole_ = too_large_ = sink_begun_ = false;
  stream_error_.reset();
  too_near_.reset();
  reason_[0] = '\0';
  proxied_ = UsesProxy(request_.url);
  if (request_.nearest != Reach::kLoopback) {
    const auto literal = LiteralReach(request_.url);
    if (literal && *literal > request_.nearest) return TooNear(request_, *literal);
  }
  if (auto error = SetHeaders()) return error;
  SetMethod();
  SetPatience();
  // Over TLS the first requests wait for one handshake and then share the connection if the server
  // speaks HTTP/2. Plain HTTP is HTTP/1.1, where waiting would only put requests in a row; it is
  // for loopback alone, so a proxy of the environment has no part in it.
  const bool plain = IsPlainHttp(request_.url);
  Set(CURLOPT_URL, request_.url.c_str());
  Set(CURLOPT_HTTP_VERSION,
      static_cast<long>(plain ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
  Set(CURLOPT_PIPEWAIT, plain ? 0L : 1L);
  Set(CURLOPT_NOPROXY, plain ? "*" : static_cast<const char*>(nullptr));
  return std::nullopt;
}

std::optional<base::Error> CurlExchange::SetHeaders() {
  headers_.reset();
  // `Expect: 100-continue` would cost a round trip; a content type is the caller's to name.
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  bool typed = false;
  for (const auto& [name, value] : request_.headers) {
    if (name.empty() || HasControl(name) || HasControl(value)) {
      headers_.reset(list);
      return base::Error{
          .kind = base::ErrorKind::kInvalid,
          .message = fmt::format("{}: the value of header `{}` holds a line break "
                                 "or another control character",
                                 NameOf(request_.method, request_.url), base::Printable(name)),
          .hint = "Check the credentials for a stray line break"};
    }
    typed = typed || base::EqualsIgnoreCase(name, "content-type");
    list = curl_slist_append(list, fmt::format("{}: {}", name, value).c_str());
  }
  if (!typed) list = curl_slist_append(list, "Content-Type:");
  headers_.reset(list);
  Set(CURLOPT_HTTPHEADER, list);
  return std::nullopt;
}

// A stream takes as long as it takes, but not without bytes; and its bytes are those of the file,
// so that a range of them means something.
void CurlExchange::SetPatience() {
  const bool stream = IsFile();
  const base::Millis patience =
      gate_ ? std::min(total_timeout_, gate_->deadline()) : total_timeout_;
  Set(CURLOPT_TIMEOUT_MS, stream ? 0L : static_cast<long>(patience.count()));
  Set(CURLOPT_LOW_SPEED_LIMIT, stream ? 1L : 0L);
  Set(CURLOPT_LOW_SPEED_TIME,
      stream ? static_cast<long>(std::chrono::ceil<std::chrono::seconds>(total_timeout_).count())
             : 0L);
  Set(CURLOPT_ACCEPT_ENCODING, request_.sink ? static_cast<const char*>(nullptr) : "gzip, deflate");
}

void CurlExchange::SetMethod() {
  const Method method = request_.method;
  Set(CURLOPT_UPLOAD, 0L);
  if (request_.source) {
    // Without a seek callback libcurl cannot rewind the body, and so never sends it twice.
    Set(CURLOPT_UPLOAD, 1L);
    Set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request_.source->size()));
    Set(CURLOPT_CUSTOMREQUEST, MethodName(method).data());
    return;
  }
  const bool has_body =
      method != Method::kGet && (method != Method::kDelete || !request_.body.empty());
  if (has_body) {
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDS, request_.body.data());
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  } else {
    Set(CURLOPT_POSTFIELDS, static_cast<char*>(nullptr));
    Set(CURLOPT_HTTPGET, 1L);
  }
  const bool own_name = method == (has_body ? Method::kPost : Method::kGet);
  Set(CURLOPT_CUSTOMREQUEST, own_name ? nullptr : MethodName(method).data());
}

std::string CurlExchange::Host() const { return HostOf(request_.url); }

// libcurl asks each time before it sends. When a reused connection dies before the first byte of
// the answer, it would send the request again by itself, whatever the method: the second asking is
// where a write is stopped. The same asking tells whether anything was sent at all.
int CurlExchange::OnSend(void* self, char* address, char*, int, int) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  // A connection that is used again was opened for another request.
  const auto reach = ReachOf(std::string(address ? address : ""));
  if (!exchange.MayReach(reach.value_or(Reach::kLoopback))) return CURL_PREREQFUNC_ABORT;
  if (!exchange.MayLeave()) return CURL_PREREQFUNC_ABORT;
  const bool again = std::exchange(exchange.sent_, true);
  const bool stop = again && exchange.request_.method != Method::kGet;
  return stop ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

// The last look before bytes leave: the process may have been stopped since it was let in.
bool CurlExchange::MayLeave() {
  if (!gate_ || gate_->Ask() == base::SendGate::Leave::kGo) return true;
  held_back_ = true;
  return false;
}

base::Error CurlExchange::HeldBack() const {
  if (gate_->Ask() == base::SendGate::Leave::kNever) return gate_->Why();
  return {base::ErrorKind::kNetwork,
          fmt::format("{}: not sent: the lease on the environment was not renewed in time",
                      NameOf(request_.method, request_.url)),
          "Check the connection to the store"};
}

bool CurlExchange::MayReach(Reach reach) {
  if (proxied_ || reach <= request_.nearest) return true;
  too_near_ = reach;
  return false;
}

curl_socket_t CurlExchange::OnSocket(void* self, curlsocktype, curl_sockaddr* address) {
  if (!static_cast<CurlExchange*>(self)->MayReach(ReachOf(&address->addr))) return CURL_SOCKET_BAD;
  const int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  const base::SendGate* gate = static_cast<CurlExchange*>(self)->gate_;
  if (fd < 0 || !gate) return fd;
  // What nobody acknowledged is given up by the kernel, too, also behind a close().
  const auto ms = static_cast<unsigned>(gate->linger().count());
  (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
  return fd;
}

std::size_t CurlExchange::OnHeader(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  return static_cast<CurlExchange*>(self)->TakeHeader(line) ? line.size() : 0;
}

bool CurlExchange::TakeHeader(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderBytesMax) {
    too_large_ = true;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // anew after an interim answer
    response_.headers.clear();
    head_whole_ = false;
  }
  if (base::Trim(line).empty()) head_whole_ = true;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  response_.headers.emplace_back(base::ToLower(line.substr(0, colon)),
                                 base::Trim(line.substr(colon + 1)));
  return true;
}

std::size_t CurlExchange::OnBody(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  const std::size_t bytes = size * count;
  if (exchange.request_.sink) {
    long status = 0;
    curl_easy_getinfo(exchange.easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300) {
      exchange.response_.status = static_cast<int>(status);
      return exchange.Pass({data, bytes}) ? bytes : bytes + 1;
    }
  }
  std::string& body = exchange.response_.body;
  if (bytes > exchange.request_.response_bytes_max - body.size()) {
    exchange.too_large_ = true;
    return bytes + 1;  // neither taken nor a pause: libcurl gives up
  }
  body.append(data, bytes);
  return bytes;
}

// The next bytes to the sink; with none, at least the head. False: the sink refused.
bool CurlExchange::Pass(std::string_view bytes) {
  base::Result<void> taken;
  if (!sink_begun_) taken = request_.sink->Begin(response_);
  sink_begun_ = true;
  if (taken && !bytes.empty()) taken = request_.sink->Write(bytes);
  if (!taken) stream_error_ = std::move(taken.error());
  return taken.has_value();
}

std::size_t CurlExchange::OnUpload(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<CurlExchange*>(self);
  if (!exchange.request_.source) return 0;
  if (!exchange.MayLeave()) {
    exchange.stream_error_ = exchange.HeldBack();
    return CURL_READFUNC_ABORT;
  }
  auto read = exchange.request_.source->Read(buffer, size * count);
  if (read) return *read;
  exchange.stream_error_ = std::move(read.error());
  return CURL_READFUNC_ABORT;
}

base::Result<Response> CurlExchange::Finish(CURLcode code) {
  // An answer without a body never came to the sink.
  if (code == CURLE_OK && request_.sink && !sink_begun_) {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    if (status >= 200 && status < 300) (void)Pass({});
  }
  if (gate_ && sent_ && code != CURLE_OK) gate_->CutOff();
  if (stream_error_) {
    request_ = {};
    response_ = {};
    return base::Fail(*std::exchange(stream_error_, std::nullopt));
  }
  Response response = std::exchange(response_, {});
  // A head that ends in the middle is good enough for libcurl, but not for us.
  if (code == CURLE_OK && !head_whole_) code = CURLE_PARTIAL_FILE;
  if (code != CURLE_OK) {
    base::Error error = Explain(code);
    request_ = {};
    return base::Fail(std::move(error));
  }
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  char* peer = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &peer);
  if (peer && !proxied_) response.peer = peer;
  request_ = {};
  return response;
}

base::Error CurlExchange::Explain(CURLcode code) const {
  using Kind = base::ErrorKind;
  const std::string name = NameOf(request_.method, request_.url);
  const std::string reason =
      base::Printable(WithoutProxyUrl(reason_[0] ? reason_ : curl_easy_strerror(code)));
  // Another of its addresses may have been tried in vain as well.
  if (too_near_ && !sent_) return TooNear(request_, *too_near_);
  if (held_back_ && !sent_) return HeldBack();
  if (!sent_) {
    switch (code) {
      case CURLE_URL_MALFORMAT:
      case CURLE_UNSUPPORTED_PROTOCOL:
        return {Kind::kInvalid, fmt::format("{}: not a URL to send to: {}", name, reason),
                "Check `base_url` and `token_url` of the environment"};
      case CURLE_SSL_CACERT_BADFILE:
      case CURLE_PEER_FAILED_VERIFICATION:
        return {Kind::kInvalid, fmt::format("{}: the server is not trusted: {}", name, reason),
                "Check `ca_file` of the environment and the host name of its URLs"};
      case CURLE_SSL_CONNECT_ERROR:
        return {Kind::kNetwork, fmt::format("{}: no TLS connection: {}", name, reason),
                "Check `ca_file`, a proxy, and the URLs of the environment"};
      default:
        return {Kind::kNetwork, fmt::format("{}: no connection: {}", name, reason),
                "Check the network, a proxy, and the URLs of the environment"};
    }
  }
  if (too_large_) {
    return {Kind::kProtocol,
            fmt::format("{}: the answer is larger than {} MiB", name,
                        request_.response_bytes_max >> 20),
            "Check that `base_url` names an organisation's API"};
  }
  switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
    case CURLE_HTTP2:
      return {Kind::kProtocol, fmt::format("{}: the answer is not HTTP: {}", name, reason),
              "Check that `base_url` names an organisation's API"};
    case CURLE_OPERATION_TIMEDOUT:
      return {Kind::kUnknown, fmt::format("{}: no answer in time: {}", name, reason)};
    case CURLE_ABORTED_BY_CALLBACK:  // OnSend stopped a repeat
      return {Kind::kUnknown, fmt::format("{}: the connection broke before an answer came", name)};
    default:
      return {Kind::kUnknown, fmt::format("{}: the answer was lost: {}", name, reason)};
  }
}

}  // namespace viasync::http
