// One exchange on one libcurl easy handle. The handle is made once and used again and again; only
// what differs between requests is set anew.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "engine/http/curl_transport.h"
#include "engine/http/transport.h"

namespace viasync::http {

class CurlExchange {
 public:
  using Done = std::function<void(base::Result<Response>)>;

  // `options` must outlive the exchange.
  explicit CurlExchange(const CurlOptions& options);
  CurlExchange(const CurlExchange&) = delete;
  CurlExchange& operator=(const CurlExchange&) = delete;

  CURL* easy() const { return easy_.get(); }

  // Makes the handle ready for `request`. Error: kInvalid, a header that would break the request.
  // `gate` must outlive the exchange; null: none.
  std::optional<base::Error> Prepare(Request request, Done done, base::SendGate* gate = nullptr);

  // What libcurl's verdict on the transfer means (see Transport::Start). Leaves the handle empty.
  base::Result<Response> Finish(CURLcode code);
  Done TakeDone() { return std::move(done_); }

  std::string Host() const;
  // A file comes or goes, piece by piece: that takes as long as it takes.
  bool IsFile() const { return request_.source || request_.sink; }

 private:
  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  static std::size_t OnHeader(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t OnBody(char* data, std::size_t size, std::size_t count, void* self);
  static int OnSend(void* self, char* address, char*, int, int);
  static curl_socket_t OnSocket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static std::size_t OnUpload(char* buffer, std::size_t size, std::size_t count, void* self);

  bool TakeHeader(std::string_view line);
  std::optional<base::Error> SetHeaders();
  void SetMethod();
  void SetPatience();
  bool MayReach(Reach reach);
  bool MayLeave();
  base::Error HeldBack() const;
  bool Pass(std::string_view bytes);
  base::Error Explain(CURLcode code) const;

  template <class Value>
  void Set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);
  }

  const base::Millis total_timeout_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  Request request_;
  Response response_;
  Done done_;
  std::size_t header_bytes_ = 0;
  bool sent_ = false;  // libcurl had a connection and began to send
  bool head_whole_ = false;
  bool too_large_ = false;           // we refused the rest of the answer
  bool proxied_ = false;             // what is connected is a proxy of the environment
  std::optional<Reach> too_near_{};  // what we refused to connect to
  bool sink_begun_ = false;
  base::SendGate* gate_ = nullptr;
  bool held_back_ = false;                   // the gate was closed when it would have left
  std::optional<base::Error> stream_error_;  // of the request's source or sink
  char reason_[CURL_ERROR_SIZE] = {};
};

}  // namespace viasync::http
