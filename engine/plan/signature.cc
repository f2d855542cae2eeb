#include "engine/plan/signature.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>

namespace viasync::plan {
namespace {

constexpr std::size_t kKeyBytes = 32;

std::string Hex(const unsigned char* bytes, std::size_t size) {
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) hex += fmt::format("{:02x}", bytes[i]);
  return hex;
}

}  // namespace

base::Result<std::string> NewKey() {
  std::array<unsigned char, kKeyBytes> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    return base::Fail(base::ErrorKind::kIo, "the system gives no random numbers");
  }
  return Hex(bytes.data(), bytes.size());
}

base::Result<void> CheckKey(std::string_view text) {
  bool digits = text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (digits && text.size() == 2 * kKeyBytes) return {};
  return base::Fail(base::ErrorKind::kInvalid,
                    text.empty() ? "VIASYNC_PLAN_KEY is empty"
                                 : "VIASYNC_PLAN_KEY is not a key that `plan --new-key` made",
                    "set it to the 64 hex digits that `viasync plan --new-key` prints, or unset it "
                    "to work without signatures");
}

std::string Sign(std::string_view content, std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(),
       &size);
  return "hmac-sha256:" + Hex(digest.data(), size);
}

bool SignatureMatches(std::string_view signature, std::string_view content, std::string_view key) {
  std::string right = Sign(content, key);
  return signature.size() == right.size() &&
         CRYPTO_memcmp(signature.data(), right.data(), right.size()) == 0;
}

}  // namespace viasync::plan
