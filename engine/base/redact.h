// Secrets of a run, and texts without them. A server that echoes what it was sent rarely does so
// letter by letter: the echo stands in JSON, in a URL, in HTML, in a log line that was wrapped. So
// a secret is looked for in the text as it is and under every layer of escapes that comes off it,
// with white space left out, and in Base64 and hex.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace viasync::base {

class Redactor {
 public:
  Redactor();
  Redactor(std::initializer_list<std::string_view> secrets);

  // From 8 bytes on a secret is found in every spelling, anywhere. From 4 bytes on it is found as a
  // word of its own, unless it is a plain lower-case word, which our own sentences may hold;
  // shorter ones not at all: blotting them out would leave nothing to read, and hide nothing.
  void Add(std::string_view secret);
  // The two parts of a Basic pair, the pair, and its Base64.
  void AddPair(std::string_view user, std::string_view password);
  // What `http://user:password@host` gives away, however malformed it is.
  void AddUrlCredentials(std::string_view url);

  bool empty() const { return needles_.empty(); }

  // `text` with `***` in place of every secret.
  std::string Redacted(std::string_view text) const;
  // Only secrets of 8 bytes or more.
  bool FoundIn(std::string_view text) const;

  // Where in `text` secrets stand, as [first, last) in order, without overlaps.
  std::vector<std::pair<std::size_t, std::size_t>> Find(std::string_view text) const;

 private:
  enum class Where { kAnywhere, kWholeWord, kInBase64 };
  struct Needle {
    std::string text;
    Where where;
  };

  void AddNeedle(std::string text, Where where);
  void AddSpellings(std::string_view secret);
  template <class Counts>
  bool Holds(std::string_view text, Counts counts) const;
  template <class Hit>
  void Match(std::string_view bytes, Hit hit) const;

  std::vector<Needle> needles_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_start_;  // first four bytes
  std::vector<std::uint64_t> maybe_;  // bits, by a hash of four bytes: quick to say no
};

// The secrets of this process: whoever reads or receives one adds it, and what leaves the process
// goes through it. Any thread may call these.
void NoteSecret(std::string_view secret);
void NoteSecretPair(std::string_view user, std::string_view password);
void NoteUrlCredentials(std::string_view url);
// `demo` shows its own.
void ForgetSecrets();
std::shared_ptr<const Redactor> RunSecrets();

}  // namespace viasync::base
