#include "engine/base/redact.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <functional>
#include <string>
#include <vector>

namespace viasync::base {
namespace {

// With letters that some spelling escapes, and what looks like an escape itself.
const std::vector<std::string> kSecrets = {
    "s3cr3t/with+every=kind&of<\"letter>",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmN-_HuQ",
    "k=abc%2Fd\\u0041&amp;x",
    "12345678",
    "it's \"quoted\" twice",
    "5f0c9a2e-11aa-4b5c-9d3e-0123456789ab",
};

std::string Each(const std::string& text, const std::function<std::string(unsigned char)>& spell) {
  std::string out;
  for (unsigned char c : text) out += spell(c);
  return out;
}

std::string Format(const char* format, unsigned value) {
  char buffer[24];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

bool IsAlnum(unsigned char c) { return std::isalnum(c) != 0; }

std::string Percent(const std::string& text, const char* format = "%%%02X") {
  return Each(text, [&](unsigned char c) {
    return IsAlnum(c) ? std::string(1, static_cast<char>(c)) : Format(format, c);
  });
}

std::string Json(const std::string& text) {
  return Each(text, [](unsigned char c) -> std::string {
    if (c == '"' || c == '\\' || c == '/') return {'\\', static_cast<char>(c)};
    return {static_cast<char>(c)};
  });
}

std::string Html(const std::string& text) {
  return Each(text, [](unsigned char c) -> std::string {
    return c == '&'   ? "&amp;"
           : c == '<' ? "&lt;"
           : c == '>' ? "&gt;"
           : c == '"' ? "&quot;"
           : c == '=' ? "&#61;"
           : c == '/' ? "&#x2F;"
           : c == '+' ? "&plus;"
                      : std::string(1, static_cast<char>(c));
  });
}

std::string Base64(const std::string& text, bool url_safe) {
  const std::string kLetters = std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") +
                               "0123456789" + (url_safe ? "-_" : "+/");
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (unsigned char c : text) {
    bits = bits << 8 | c;
    count += 8;
    for (; count >= 6; count -= 6) out += kLetters[bits >> (count - 6) & 63];
  }
  if (count > 0) out += kLetters[bits << (6 - count) & 63];
  while (!url_safe && out.size() % 4) out += '=';
  return out;
}

std::string Wrapped(const std::string& text, std::size_t width, const std::string& with) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += width) {
    out += (i > 0 ? with : "") + text.substr(i, width);
  }
  return out;
}

std::string Listed(const std::string& text, const char* format, const std::string& between) {
  std::string out;
  for (unsigned char c : text) out += (out.empty() ? "" : between) + Format(format, c);
  return out;
}

std::string Utf16(const std::string& text, bool high_first) {
  return Each(text, [&](unsigned char c) {
    const char letter = static_cast<char>(c);
    return high_first ? std::string{'\0', letter} : std::string{letter, '\0'};
  });
}

std::string Quoted(const std::string& text, char quote) {
  const std::string inside = Each(text, [&](unsigned char c) {
    return std::string(c == static_cast<unsigned char>(quote) ? 2 : 1, static_cast<char>(c));
  });
  return quote + inside + quote;
}

struct Spelling {
  const char* name;
  std::function<std::string(const std::string&)> spell;
};

std::vector<Spelling> Spellings() {
  return {
      {"as it is", [](const std::string& s) { return s; }},
      {"JSON", Json},
      {"JSON, escaped twice", [](const std::string& s) { return Json(Json(s)); }},
      {"JSON, every letter \\u",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("\\u%04x", c); }); }},
      {"JSON, \\u in capitals",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("\\u%04X", c); }); }},
      {"\\x",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("\\x%02x", c); }); }},
      {"octal",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("\\%03o", c); }); }},
      {"percent", [](const std::string& s) { return Percent(s); }},
      {"percent, lower case", [](const std::string& s) { return Percent(s, "%%%02x"); }},
      {"percent, every letter",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("%%%02X", c); }); }},
      {"percent, twice", [](const std::string& s) { return Percent(Percent(s)); }},
      {"percent in JSON", [](const std::string& s) { return Json(Percent(s)); }},
      {"HTML", Html},
      {"HTML, every letter decimal",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("&#%u;", c); }); }},
      {"HTML, every letter hex",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("&#x%x;", c); }); }},
      {"HTML in JSON", [](const std::string& s) { return Json(Html(s)); }},
      {"JSON in HTML", [](const std::string& s) { return Html(Json(s)); }},
      {"quoted-printable", [](const std::string& s) { return Percent(s, "=%02X"); }},
      {"Base64", [](const std::string& s) { return Base64(s, false); }},
      {"Base64, for URLs", [](const std::string& s) { return Base64(s, true); }},
      {"Base64, one byte before",
       [](const std::string& s) { return Base64("x" + s + "yz", false); }},
      {"Base64, two bytes before",
       [](const std::string& s) { return Base64("xy" + s + "z", true); }},
      {"Base64 in JSON", [](const std::string& s) { return Json(Base64(s, false)); }},
      {"Base64 in a URL", [](const std::string& s) { return Percent(Base64(s, false)); }},
      {"Base64, wrapped",
       [](const std::string& s) { return Wrapped(Base64(s, false), 5, "\r\n"); }},
      {"hex",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("%02x", c); }); }},
      {"hex dump",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("%02X ", c); }); }},
      {"hex with colons", [](const std::string& s) { return Listed(s, "%02x", ":"); }},
      {"hex with dashes", [](const std::string& s) { return Listed(s, "%02X", "-"); }},
      {"hex of C", [](const std::string& s) { return "0x" + Listed(s, "%02x", ", 0x"); }},
      {"numbers of bytes", [](const std::string& s) { return "[" + Listed(s, "%u", ", ") + "]"; }},
      {"octal, short",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("\\%o", c); }); }},
      {"%u",
       [](const std::string& s) { return Each(s, [](auto c) { return Format("%%u%04X", c); }); }},
      {"Base64 of UTF-16", [](const std::string& s) { return Base64(Utf16(s, false), false); }},
      {"Base64 of UTF-16, the other way round",
       [](const std::string& s) { return Base64("\xfe\xff" + Utf16(s, true), true); }},
      {"CSV", [](const std::string& s) { return Quoted(s, '"'); }},
      {"CSV in JSON", [](const std::string& s) { return Json(Quoted(s, '"')); }},
      {"YAML and SQL", [](const std::string& s) { return Quoted(s, '\''); }},
      {"wrapped", [](const std::string& s) { return Wrapped(s, 4, "\n  "); }},
      {"wrapped, made visible", [](const std::string& s) { return Wrapped(s, 4, "\\n"); }},
      {"letter by letter", [](const std::string& s) { return Wrapped(s, 1, " "); }},
      {"with no-break spaces", [](const std::string& s) { return Wrapped(s, 3, "\xc2\xa0"); }},
      {"with zero width spaces",
       [](const std::string& s) { return Wrapped(s, 3, "\xe2\x80\x8b"); }},
      {"percent, wrapped", [](const std::string& s) { return Wrapped(Percent(s), 7, "\n"); }},
  };
}

TEST_CASE("a secret is blotted out in every spelling, wherever it stands") {
  const struct {
    const char *name, *before, *after;
  } kAnswers[] = {
      {"an error of the API", R"({"error": {"code": 500, "message": "bad: )", R"("}})"},
      {"a token service's refusal", R"({"error":"x","error_description":"client )", "\"}"},
      {"a page of HTML", "<html><title>", "</title><body>&nbsp;</body></html>"},
      {"a query", "GET https://host/a?x=1&token=", "&y=%20 failed"},
      {"a header", "Authorization: Bearer ", "\r\nHost: host\r\n"},
      {"a log line", "2026-01-05 \x1b[31mERROR\x1b[0m [", "] end"},
      {"alone", "", ""},
  };
  for (const auto& secret : kSecrets) {
    const Redactor redactor{secret};
    for (const auto& [name, spell] : Spellings()) {
      for (const auto& answer : kAnswers) {
        CAPTURE(secret);
        CAPTURE(name);
        CAPTURE(answer.name);
        const std::string spelt = spell(secret);
        const std::string text = answer.before + spelt + answer.after;
        CHECK(redactor.FoundIn(text));
        const std::string redacted = redactor.Redacted(text);
        CHECK(redacted.find(spelt) == std::string::npos);
        CHECK(redacted.find("***") != std::string::npos);
        CHECK(redacted.size() < text.size() + 3 - spelt.size() + 8);
        CHECK(redacted.starts_with(std::string(answer.before).substr(0, 4)));
        CHECK_FALSE(redactor.FoundIn(redacted));
      }
    }
  }
}

TEST_CASE("what surrounds a secret stays as it is, byte by byte") {
  const Redactor redactor{"s3cr3t/with+every"};
  CHECK(redactor.Redacted(R"({"a": "x s3cr3t\/with\u002bevery y", "b": "\u00e4"})") ==
        R"({"a": "x *** y", "b": "\u00e4"})");
  CHECK(redactor.Redacted("s3cr3t/with+everys3cr3t/with+every") == "***");
  CHECK(redactor.Redacted("\xff s3cr3t%2fwith%2Bevery \xff") == "\xff *** \xff");
  const std::string innocent = "a plain text, 100% of it & more \\ with =3D and s3cr3t alone";
  CHECK(redactor.Redacted(innocent) == innocent);
}

TEST_CASE("the Basic pair is found decoded and encoded") {
  Redactor redactor;
  redactor.AddPair("client-1", "s3cr3t-of-it");
  CHECK(redactor.Redacted("Basic " + Base64("client-1:s3cr3t-of-it", false)) == "Basic ***");
  CHECK(redactor.Redacted("user client-1:s3cr3t-of-it failed") == "user *** failed");
  CHECK(redactor.Redacted("client-1 alone") == "client-1 alone");
}

TEST_CASE("short secrets do not turn a text into stars") {
  const Redactor redactor{"k", "s", "abc", "secret", "Pa55"};
  CHECK(redactor.Redacted("the client secret of sky Pa55word") ==
        "the client secret of sky Pa55word");
  CHECK(redactor.Redacted("tried 'Pa55' and Pa55.") == "tried '***' and ***.");
  CHECK_FALSE(redactor.FoundIn("Pa55"));
}

TEST_CASE("a proxy's password is found, however malformed its URL is") {
  for (const char* url :
       {"http://user:pr0xy-pass@host:3128", "user:pr0xy-pass@host", "http://user:pr0xy-pass",
        "htp:/user:pr0xy-pass@host", "http://user:pr0xy-pass@@host:x", "//user:pr0xy-pass@",
        "http://us:er@x:pr0xy-pass@host"}) {
    CAPTURE(url);
    Redactor redactor;
    redactor.AddUrlCredentials(url);
    CHECK(redactor.Redacted("Unsupported proxy syntax in '" + std::string(url) + "'")
              .find("pr0xy-pass") == std::string::npos);
  }
  Redactor redactor;
  redactor.AddUrlCredentials("http://host.example:3128/");
  CHECK(redactor.empty());
}

TEST_CASE("redacting never leaves the secret, and leaves the rest") {
  CHECK(rc::check([](const std::string& before, const std::string& after) {
    const Redactor redactor{"t0ken-of-the-run/1"};
    const std::string redacted = redactor.Redacted(before + "t0ken-of-the-run\\/1" + after);
    RC_ASSERT_FALSE(redactor.FoundIn(redacted));
    RC_ASSERT(Redactor().Redacted(before) == before);
  }));
}

TEST_CASE("the run's secrets accumulate: a token is still one after the next has come") {
  ForgetSecrets();
  NoteSecret("token-number-one");
  const auto earlier = RunSecrets();
  NoteSecret("token-number-two");
  CHECK(RunSecrets()->Redacted("token-number-one token-number-two") == "*** ***");
  CHECK(earlier->Redacted("token-number-two") == "token-number-two");
  ForgetSecrets();
  CHECK(RunSecrets()->empty());
}

}  // namespace
}  // namespace viasync::base
