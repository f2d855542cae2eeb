#include "engine/model/criteria_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/model/criteria_foreign_quotes.h"
#include "engine/model/criteria_reader.h"
#include "engine/model/criteria_slips.h"

namespace viasync::model {
namespace {

constexpr std::string_view kInfixOfTwo =
    " SIMILAR:TO SOUNDS:LIKE STARTS:WITH ENDS:WITH BEGINS:WITH MEMBER:OF ";
constexpr std::string_view kTails = " LIMIT OFFSET FETCH OPTION FOR ";
constexpr std::string_view kStatements =
    " DROP DELETE INSERT UPDATE ALTER TRUNCATE CREATE EXEC EXECUTE MERGE GRANT REVOKE DECLARE WITH "
    "CALL USE SET ";
constexpr std::string_view kCalledStatements = " EXEC EXECUTE CALL DECLARE ";
// What stands for nothing as a whole criterion: a command, or what a program or a person left there.
constexpr std::string_view kNoCondition =
    " BEGIN COMMIT ROLLBACK VACUUM SHUTDOWN GO TODO TBD FIXME UNDEFINED NONE NAN ";
// Behind IS, besides NULL.
constexpr std::string_view kStates =
    " TRUE FALSE UNKNOWN NAN INFINITE EMPTY JSON DOCUMENT NORMALIZED PRESENT DANGLING OF A ";
constexpr std::string_view kStateWords =
    " OBJECT ARRAY SCALAR VALUE STRICT LAX WITH WITHOUT UNIQUE KEYS SET TYPE ";

}  // namespace

CriteriaReading CriteriaReader::Read() && {
  Operand only;
  if (Beginning() && Condition(true, &only) && Rest() && Alone(only)) reading_.problems.clear();
  return std::move(reading_);
}

bool CriteriaReader::Beginning() {
  const Token* first = At();
  if (!first) return Fail(0, "the criterion is empty");
  if (Key(first, "WHERE")) {
    return Fail(*first, "`WHERE` does not belong into a criterion", "begin with what follows it");
  }
  if (Key(first, "AND") || Key(first, "OR")) {
    return Fail(*first, "a criterion cannot begin with " + Show(*first), "remove it");
  }
  if (Word(first, " SELECT UNION INTERSECT EXCEPT FROM GROUP HAVING ORDER ")) return Foreign();
  // `Update = 1` may be a column.
  const Token* next = At(1);
  bool statement = Word(first, kStatements) && next && !Sym(next, ".") && !IsOperatorPart(next) &&
                   !Sym(next, "(") && !Word(next, " IN IS LIKE BETWEEN NOT AND OR ") &&
                   !Word(next, kInfix);
  statement = statement || (Word(first, kCalledStatements) && Sym(next, "("));
  return statement ? Foreign() : true;
}

bool CriteriaReader::Alone(const Operand& only) {
  const Token& first = tokens_[0];
  bool ordered = tokens_.size() > 1 && Key(&tokens_[1], "ORDER");
  bool one = tokens_.size() == 1 || ordered;
  bool text = only.literal && IsText(&tokens_[only.first]);
  if (text || (one && Key(&first, "NULL"))) {
    return Fail(first, Show(tokens_[only.first]) + " alone is not a condition",
                "compare a column with it; a condition stands in no SQL quotes");
  }
  if (!one) return true;
  // A condition in the wrong quotes, or what JavaScript prints for what it cannot show.
  bool quoted = IsQuotedName(&first) && (first.text.find_first_of("=<>") != std::string::npos ||
                                         first.text == "[object Object]");
  bool word = first.kind == TokenKind::kWord && IsOneOf(first.text, kNoCondition);
  return !(quoted || word) || Fail(first, Show(first) + " alone is not a condition");
}

bool CriteriaReader::Foreign() {
  return Fail(*At(), Show(*At()) + " begins another kind of statement, which is not a condition");
}

bool CriteriaReader::Rest() {
  const Token* token = At();
  if (!token) return true;
  if (Key(token, "ORDER")) return OrderBy();
  if (Word(token, kTails)) return QueryTail();  // belongs to a query; some org may take it
  if (Word(token, " SELECT UNION INTERSECT EXCEPT FROM GROUP HAVING WHERE ")) return Foreign();
  if (Sym(token, ",")) {
    return Fail(*token, "`,` does not join conditions",
                "join them with AND or OR; the values of IN stand in parentheses");
  }
  return Stray();
}

bool CriteriaReader::OrderBy() {
  const Token& order = *At();
  if (!Key(At(1), "BY"))
    return Fail(order, "`ORDER` is not followed by BY", "write ORDER BY Column");
  at_ += 2;
  for (;;) {
    if (!At() || Sym(At(), ",")) {
      return Fail(*Before(), fmt::format("a column is missing behind {}", Show(*Before())),
                  "name a column there, or remove " + Show(*Before()));
    }
    if (!Predicate(nullptr)) return false;
    if (Key(At(), "AND") || Key(At(), "OR")) {
      return Fail(*At(), Show(*At()) + " behind ORDER BY does not filter, it only sorts",
                  "put every condition in front of ORDER BY");
    }
    if (Key(At(), "ASC") || Key(At(), "DESC")) ++at_;
    if (Word(At(), " NULLS ") && Word(At(1), " FIRST LAST ")) at_ += 2;
    if (!At()) return true;
    if (Word(At(), kTails)) return QueryTail();
    if (!Sym(At(), ",")) {
      return Fail(
          *At(), fmt::format("{} does not fit behind {} in ORDER BY", Show(*At()), Show(*Before())),
          "put a comma between two columns; ASC or DESC follows its column");
    }
    ++at_;
  }
}

bool CriteriaReader::QueryTail() {
  const Token& tail = *At();
  ++at_;
  if (!At()) {
    return Fail(tail, fmt::format("nothing follows {}", Show(tail)), "complete it, or remove it");
  }
  for (; At(); ++at_) {
    if (Sym(At(), "(")) {
      SkipParentheses();
      --at_;
    }
    bool fits = IsNumber(At()) || IsName(At()) || Sym(At(), ",") || Sym(At(), ")") ||
                Key(At(), "ALL");
    if (!fits) {
      return Fail(*At(), fmt::format("{} does not fit behind {}", Show(*At()), Show(tail)),
                  "put every condition in front of ORDER BY and " + Show(tail));
    }
  }
  return true;
}

bool CriteriaReader::TakeConnective() {
  if (Key(At(), "AND") || Key(At(), "OR") ||
      (Word(At(), " XOR ") && At()->kind == TokenKind::kWord)) {
    ++at_;
    return true;
  }
  bool both = Sym(At(), "&") && Sym(At(1), "&") && Touch(At(), At(1));
  if (both) at_ += 2;
  return both;
}

bool CriteriaReader::Condition(bool top, Operand* only) {
  bool connected = false;
  for (;;) {
    Operand alone;
    if (!Predicate(&alone)) return false;
    const Token& first = tokens_[alone.first];
    bool joined = TakeConnective();
    if (alone.literal && (joined || connected)) {
      return Fail(first, Show(first) + " alone is not a condition",
                  "repeat the column, as in `State = 'AK' OR State = 'AL'`, or use IN");
    }
    if (alone.called_apart && (joined || connected || top || alone.negated)) {
      return Fail(first, fmt::format("an operator is missing between {} and `(`", Show(first)),
                  "write IN (…) for a list of values");
    }
    if (!joined) {
      if (only && !connected) *only = alone;
      return true;
    }
    connected = true;
  }
}

bool CriteriaReader::Predicate(Operand* alone) {
  bool negated = false;
  for (; Key(At(), "NOT"); ++at_, negated = true) {
    if (negated) return Fail(*At(), "`NOT` stands twice", "remove one, or use parentheses");
  }
  Operand operand;
  if (!Arithmetic(operand)) return false;
  std::size_t end = at_;
  for (bool compared = false;;) {
    bool tail = false;
    if (!Tail(compared, tail)) return false;
    if (!tail) break;
  }
  if (alone) {
    alone->first = operand.first;
    alone->negated = negated;
    alone->literal = operand.literal && at_ == end;
    alone->called_apart = operand.called_apart && at_ == end;
  }
  return true;
}

bool CriteriaReader::Tail(bool& compared, bool& found) {
  const Token* token = At();
  found = true;
  if (Key(token, "IS")) return Is();
  if (Word(token, " ISNULL NOTNULL ") && token->kind == TokenKind::kWord) return ++at_, true;
  if (Key(token, "NOT") && Key(At(1), "NULL")) return at_ += 2, true;
  bool negated = Key(token, "NOT");
  const Token* word = negated ? At(1) : token;
  bool in = Key(word, "IN"), between = Key(word, "BETWEEN");
  std::size_t infix = InfixAt(negated ? 1 : 0);
  if (negated && !in && !between && infix == 0) {
    return Fail(*token, "`NOT` is not followed by IN, LIKE or BETWEEN",
                "write NOT in front of a condition, or NOT IN, NOT LIKE, NOT BETWEEN");
  }
  bool comparison = !negated && AtComparison();
  if (!in && !between && infix == 0 && !comparison) return found = false, true;
  if (compared && !ComparesTruth()) {
    return Fail(*token, Show(*token) + " compares what is compared already",
                "join two comparisons with AND or OR");
  }
  compared = true;
  if (negated) ++at_;
  if (in) return In();
  if (between) return Between();
  if (infix > 0) return Like(infix);
  if (Operator().second == 0) return BadOperator();
  at_ += Operator().second;
  Operand right;
  return Arithmetic(right);
}

bool CriteriaReader::ComparesTruth() const {
  bool equality = Sym(At(), "=") || Sym(At(), "<>") || Sym(At(), "!=");
  return equality && Word(At(1), " TRUE FALSE ");
}

std::size_t CriteriaReader::InfixAt(std::size_t ahead) const {
  const Token* token = At(ahead);
  if (Word(token, kInfix)) return 1;
  const Token* next = At(ahead + 1);
  if (!IsName(token) || !next) return 0;
  std::string both(token->text);
  return IsOneOf(both + ":" + std::string(next->text), kInfixOfTwo) ? 2 : 0;
}

bool CriteriaReader::Is() {
  const Token& is = *At();
  ++at_;
  if (Key(At(), "NOT")) ++at_;
  if (Key(At(), "DISTINCT") && Key(At(1), "FROM")) {
    at_ += 2;
    Operand right;
    return Arithmetic(right);
  }
  if (!Key(At(), "NULL") && !Word(At(), kStates)) {
    return Fail(is, fmt::format("{} is not followed by NULL", Show(*Before())),
                "write IS NULL or IS NOT NULL; compare values with = or <>");
  }
  bool more = Word(At(), " JSON A OF ");
  ++at_;
  while (more && Word(At(), kStateWords)) ++at_;
  if (more && Sym(At(), "(")) return SkipParentheses();
  return true;
}

bool CriteriaReader::In() {
  ++at_;
  if (IsText(At()) || IsNumber(At())) {
    return Fail(*At(), "the values of IN stand without parentheses", "write IN ('a', 'b')");
  }
  if (!Sym(At(), "(")) {
    Operand list;  // UNNEST(…), @values
    bool brackets = IsQuotedName(At()) && !Sym(At(1), "(") && !Sym(At(1), ".");
    if (brackets) {
      return Fail(*At(), "the values of IN stand without parentheses", "write IN ('a', 'b')");
    }
    return IsName(At()) || IsQuotedName(At()) ? Arithmetic(list) : NoValue();
  }
  if (Sym(At(1), ")")) {
    return Fail(*At(), "IN () has no values", "name the values, or remove the condition");
  }
  if (IsQuery(At(1))) return SkipQuery();
  ++at_;
  return List();
}

bool CriteriaReader::Between() {
  const Token& between = *At();
  ++at_;
  if (Word(At(), " SYMMETRIC ASYMMETRIC ") && !IsOperatorPart(At(1))) ++at_;
  Operand bound;
  if (!Arithmetic(bound)) return false;
  if (!Key(At(), "AND")) {
    return Fail(between, "BETWEEN has no AND behind its lower bound", "write BETWEEN low AND high");
  }
  ++at_;
  if (!At()) return Fail(between, "BETWEEN has no upper bound", "write BETWEEN low AND high");
  if (!Arithmetic(bound)) return false;
  bool goes_on = AtComparison() || Key(At(), "IN") || Key(At(), "BETWEEN") || Key(At(), "IS") ||
                 InfixAt(0) > 0 || (Key(At(), "NOT") && !Key(At(1), "NULL"));
  return !goes_on || Fail(between,
                          fmt::format("BETWEEN is unfinished: {} follows where its upper "
                                      "bound ends",
                                      Show(*At())),
                          "write BETWEEN low AND high, and then AND with the next condition");
}

bool CriteriaReader::Like(std::size_t words) {
  at_ += words;
  Operand pattern;
  const Token* list = Sym(At(), "(") && IsText(At(1)) && Sym(At(2), ",") ? At(2) : nullptr;
  if (list) {
    return Fail(*list, "LIKE takes one pattern, not a list",
                "join several with OR, as in `a LIKE 'x%' OR a LIKE 'y%'`");
  }
  if (!Arithmetic(pattern)) return false;
  if (Sym(At(), "{") && IsOdbcEscape(tokens_, at_)) return OdbcEscape();
  if (!Key(At(), "ESCAPE")) return true;
  ++at_;
  return Arithmetic(pattern);
}

namespace {

CriteriaReading ReadAsItStands(std::string_view text) {
  auto tokens = Tokenize(text);
  CriteriaReading reading{.problems = FindSlips(text, tokens.list)};
  if (auto problem = CheckCriteria(text)) {
    if (problem->remedy.empty()) problem->remedy = kWhatIsOne;
    reading.problems.push_back(std::move(*problem));
    std::ranges::stable_sort(reading.problems, {}, &CriteriaProblem::offset);
  }
  // Behind a slip, nothing reads as it was meant.
  return reading.problems.empty() ? CriteriaReader(tokens.list).Read() : reading;
}

}  // namespace

CriteriaReading ReadCriteria(std::string_view text) {
  auto reading = ReadAsItStands(text);
  if (reading.problems.empty()) return reading;
  // To a dialect that knows other literals, the text may well be right.
  auto quoted = WithForeignQuotes(text);
  if (quoted != text && ReadAsItStands(quoted).problems.empty()) reading.problems.clear();
  return reading;
}

}  // namespace viasync::model
