// How values lie on disk: length-prefixed bytes, so that any string survives, closed by a checksum
// over the key and the content. A flipped bit shows as an error instead of as somebody's edit.
//
//   number = LEB128, unsigned       text = number of bytes, bytes
//   name   = number of a well-known field, or 0 and a text
//   values = count, {name, text}*   record = values, 0 | 1, [values as seen by the org]
//   move   = kind, text, 0 | 1, [record]
//   sealed = content, 4 bytes of checksum
//
// The numbers of the kinds are on disk: never change them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/model/resources.h"
#include "engine/store/store.h"

namespace viasync::store {

int KindNumber(model::Kind kind);
std::optional<model::Kind> KindFromNumber(std::int64_t number);

// `key` is that of the row the bytes lie in. Reading answers nullopt for bytes that are not exactly
// what was written there.
std::string EncodeValues(std::string_view key, const Values& values);
std::optional<Values> DecodeValues(std::string_view key, std::string_view bytes);

std::string EncodeRecord(std::string_view key, const BaseRecord& record);
// Kind and key of the answer are the caller's to fill in.
std::optional<BaseRecord> DecodeRecord(std::string_view key, std::string_view bytes);

std::string EncodeMove(std::string_view key, const BaseMove& move);
std::optional<BaseMove> DecodeMove(std::string_view key, std::string_view bytes);

}  // namespace viasync::store
