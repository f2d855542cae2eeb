#include <fmt/format.h>

#include "engine/model/criteria_reader.h"
#include "engine/model/criteria_slips.h"

namespace viasync::model {
namespace {

constexpr std::string_view kTyped =
    " DATE TIME TIMESTAMP TIMESTAMPTZ DATETIME INTERVAL JSON NUMERIC DECIMAL BIGNUMERIC BYTES "
    "UUID INET CIDR XML JSONB ";
constexpr std::string_view kPrefixes = " N E B X R RB BR Q NQ U ";
constexpr std::string_view kUnits =
    " YEAR YEARS QUARTER MONTH MONTHS WEEK WEEKS DAY DAYS HOUR HOURS MINUTE MINUTES SECOND SECONDS "
    "MILLISECOND MICROSECOND DAYOFYEAR WEEKDAY YY YYYY QQ MM DD DY DW WK WW HH MI SS MS DOY DOW "
    "EPOCH ";
// `CURRENT DATE - 30 DAYS`
constexpr std::string_view kDurations =
    " YEAR YEARS MONTH MONTHS WEEK WEEKS DAY DAYS HOUR HOURS MINUTE MINUTES SECOND SECONDS ";
// Words within the parentheses of special functions; what follows them is not looked at.
constexpr std::string_view kInCall =
    " AS FROM FOR USING ORDER SEPARATOR IGNORE RESPECT WITH WITHIN DEFAULT FORMAT RETURNING "
    "PLACING PASSING ON TO COLUMNS ";
constexpr std::string_view kNoColumns =
    " TRUE FALSE UNKNOWN DEFAULT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER "
    "LOCALTIME LOCALTIMESTAMP SESSION_USER SYSTEM_USER SYSDATE SYSTIMESTAMP USER ROWNUM "
    "DATE DATETIME DATETIME2 TIME TIMESTAMP INT INTEGER BIGINT FLOAT REAL BIT CHAR VARCHAR "
    "NVARCHAR "
    "DECIMAL NUMERIC MONEY SIGNED UNSIGNED BOOLEAN ";

}  // namespace

bool CriteriaReader::Arithmetic(Operand& operand) {
  if (!One(operand)) return false;
  for (;;) {
    const Token* token = At();
    auto [op, count] = Operator();
    if (count > 0 && IsOneOf(op, kArithmetic) &&
        !(op == "&" && Touch(token, At(1)) && Sym(At(1), "&"))) {
      at_ += count;
    } else if (Word(token, " DIV MOD ") && token->kind == TokenKind::kWord) {
      ++at_;
    } else if (Postfix(operand.literal)) {
      operand.literal = false;
      continue;
    } else {
      return true;
    }
    operand.literal = operand.called_apart = false;
    Operand right;
    if (!One(right)) return false;
  }
}

void CriteriaReader::TypeName() {
  ++at_;
  if (Word(At(), " PRECISION VARYING ")) ++at_;
  if (Sym(At(), "(")) SkipParentheses();
  bool zoned = Word(At(), " WITH WITHOUT ") && Word(At(1), " TIME ") && Word(At(2), " ZONE ");
  if (zoned) at_ += 3;
}

bool CriteriaReader::Postfix(bool literal) {
  const Token* token = At();
  if (Word(token, " COLLATE ") && At(1)) return at_ += 2, true;
  if (Word(token, " AT ") && Word(At(1), " TIME ") && Word(At(2), " ZONE ") && At(3)) {
    return at_ += 4, true;
  }
  if (Word(token, " AT ") && Word(At(1), " LOCAL ")) return at_ += 2, true;
  if (IsCast(token) && At(1)) {
    ++at_;
    TypeName();
    return true;
  }
  // `a:b.c` is a path in Snowflake.
  bool path = Sym(token, ".") || (Sym(token, ":") && Touch(Before(), token));
  if (path && !literal && (IsName(At(1)) || IsQuotedName(At(1))) && Touch(token, At(1))) {
    at_ += 2;
    if (Sym(At(), "(")) SkipParentheses();
    return true;
  }
  bool subscript =
      token && token->kind == TokenKind::kString && token->text[0] == '[' && Touch(Before(), token);
  if (subscript) ++at_;
  return subscript;
}

bool CriteriaReader::TooDeep() {
  return Fail(At() ? At()->offset : 0, "the criterion nests too deeply",
              "write it with fewer levels");
}

bool CriteriaReader::One(Operand& operand) {
  Level level(depth_);
  if (depth_ > kDepthMax) return TooDeep();
  operand.first = at_;
  while (Sym(At(), "+") || Sym(At(), "-") || Sym(At(), "~") || Sym(At(), "!")) ++at_;
  const Token* token = At();
  if (!token) return NoValue();
  if (Sym(token, "(")) return Parentheses(operand);
  if (Key(token, "CASE")) return Case();
  if (Key(token, "EXISTS") && Sym(At(1), "(")) return Exists();
  if (Word(token, " ALL ANY SOME ") && Sym(At(1), "(")) return ++at_, Call();
  if (Key(token, "NULL")) return ++at_, true;
  if (IsText(token)) return ++at_, operand.literal = true;
  if (IsNumber(token)) {
    if (LooksLikeDate()) {
      return Fail(*token, "a date stands without quotes, which is a calculation to SQL",
                  "put the date into single quotes");
    }
    ++at_;
    operand.literal = true;
    if (Sym(At(), ".") && Touch(token, At()) && !Touch(At(), At(1))) ++at_;  // `5.`
    bool added = at_ > 1 && (Sym(&tokens_[at_ - 2], "+") || Sym(&tokens_[at_ - 2], "-"));
    if (added && Word(At(), kDurations)) ++at_, operand.literal = false;
    return true;
  }
  if (Sym(token, "{") && IsOdbcEscape(tokens_, at_)) return OdbcEscape();
  if (IsName(token) || IsQuotedName(token)) return Name(operand);
  // Not reserved everywhere.
  bool as_name = Word(token, " BY END ESCAPE ") && (IsOperatorPart(At(1)) || Sym(At(1), "."));
  return as_name ? Name(operand) : NoValue();
}

bool CriteriaReader::LooksLikeDate() const {
  auto digits = [&](std::size_t ahead, std::size_t least, std::size_t most) {
    const Token* token = At(ahead);
    return IsNumber(token) && token->text.size() >= least && token->text.size() <= most &&
           token->text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  for (std::size_t i = 0; i < 4; ++i) {
    if (!Touch(At(i), At(i + 1))) return false;
  }
  bool marks = (Sym(At(1), "-") && Sym(At(3), "-")) || (Sym(At(1), "/") && Sym(At(3), "/"));
  bool year_first = digits(0, 4, 4) && digits(4, 1, 2);
  bool year_last = digits(0, 1, 2) && digits(4, 4, 4);
  return marks && digits(2, 1, 2) && (year_first || year_last);
}

bool CriteriaReader::Exists() {
  ++at_;
  if (Sym(At(1), ")")) return Fail(*Before(), "EXISTS () has no query", "complete it, or remove it");
  return IsQuery(At(1)) ? SkipQuery() : SkipParentheses();
}

bool CriteriaReader::Parentheses(Operand& operand) {
  if (Sym(At(1), ")"))
    return Fail(*At(), "there is nothing between the parentheses", "remove them");
  if (IsQuery(At(1))) return SkipQuery();
  ++at_;
  return List(&operand);
}

bool CriteriaReader::List(Operand* only) {
  Operand first;
  for (std::size_t count = 1;; ++count) {
    if (Sym(At(), ",") || Sym(At(), ")")) {
      return Fail(*At(), "a value is missing in front of " + Show(*At()),
                  "remove the comma, or complete the list");
    }
    if (!Condition(false, &first)) return false;
    if (!At()) return NoValue();
    ++at_;
    if (Sym(Before(), ")")) {
      if (only && count == 1 && (first.literal || first.called_apart)) *only = first;
      return true;
    }
    if (Sym(Before(), ",")) continue;
    --at_;
    bool values = IsText(At()) && IsText(Before());
    if (values) {
      return Fail(*At(),
                  fmt::format("a comma is missing between {} and {}", Show(*Before()), Show(*At())),
                  "put a comma between two values");
    }
    return Word(At(), " SELECT UNION FROM WHERE GROUP HAVING ") ? Foreign() : Stray();
  }
}

bool CriteriaReader::Case() {
  const Token& begin = *At();
  ++at_;
  if (!Key(At(), "WHEN") && !Condition()) return false;
  if (!Key(At(), "WHEN")) return Fail(begin, "CASE has no WHEN", "write CASE WHEN … THEN … END");
  while (Key(At(), "WHEN")) {
    ++at_;
    if (!Condition()) return false;
    if (!Key(At(), "THEN")) {
      return Fail(begin, "WHEN has no THEN in this CASE", "write CASE WHEN … THEN … END");
    }
    ++at_;
    if (!Condition()) return false;
  }
  if (Key(At(), "ELSE")) {
    ++at_;
    if (!Condition()) return false;
  }
  if (!Key(At(), "END")) return Fail(begin, "CASE has no END", "write CASE WHEN … THEN … END");
  ++at_;
  return true;
}

bool CriteriaReader::OdbcEscape() {
  while (At() && !Sym(At(), "}")) ++at_;
  if (!At()) return Fail(*Before(), "`{` is never closed", "close it with `}`");
  ++at_;
  return true;
}

bool CriteriaReader::Name(Operand& operand) {
  const Token* name = At();
  bool operand_follows = IsName(At(1)) || IsQuotedName(At(1)) || IsText(At(1));
  if (Word(name, " BINARY PRIOR CONNECT_BY_ROOT ") && operand_follows) return ++at_, One(operand);
  if (Word(name, " CURRENT ") && Word(At(1), " DATE TIME TIMESTAMP ")) return at_ += 2, true;
  bool prefix = name->text[0] == '_' || (Touch(name, At(1)) && IsOneOf(name->text, kPrefixes));
  if (Word(name, " INTERVAL ") && At(1) && !IsOperatorPart(At(1)) && !Sym(At(1), ".")) {
    ++at_;
    if (!One(operand)) return false;
    operand.literal = false;
    if (Word(At(), kUnits)) ++at_;
    if (Word(At(), " TO ") && Word(At(1), kUnits)) at_ += 2;
    return true;
  }
  if (IsText(At(1)) && (IsOneOf(name->text, kTyped) || prefix)) return at_ += 2, true;
  ++at_;
  if (name->text[0] == '$' && IsNumber(At()) && Touch(name, At())) return ++at_, true;  // $5.00
  for (;;) {  // `db..table.column` leaves the schema out
    std::size_t dots = Sym(At(), ".") && Sym(At(1), ".") && Touch(At(), At(1)) ? 2 : 1;
    const Token* part = At(dots);
    if (!Sym(At(), ".") || !part || (part->kind == TokenKind::kSymbol && !Sym(part, "*"))) break;
    name = part;
    at_ += dots + 1;
  }
  if (Sym(At(), "(") && name->kind != TokenKind::kKeyword) {
    operand.called_apart = !Touch(name, At()) && OnlyLiterals();
    return Call();
  }
  if (!IsOneOf(name->text, kNoColumns) && name->text[0] != '@') reading_.columns.push_back(*name);
  return true;
}

bool CriteriaReader::OnlyLiterals() const {
  std::size_t i = 1;
  for (; At(i) && !Sym(At(i), ")"); ++i) {
    if (!IsText(At(i)) && !IsNumber(At(i)) && !Sym(At(i), ",")) return false;
  }
  return i > 1;
}

bool CriteriaReader::Call() {
  ++at_;
  if (Sym(At(), ")")) return ++at_, BehindCall();
  if (Sym(At(), "+") && Sym(At(1), ")")) return at_ += 2, true;  // `a = b(+)`: Oracle's outer join
  if (Key(At(), "DISTINCT") || Key(At(), "ALL")) ++at_;
  if (Word(At(), " BOTH LEADING TRAILING ") && !Sym(At(1), ",") && !Sym(At(1), ")")) ++at_;
  for (;;) {
    if (IsQuery(At()) || Key(At(), "FROM")) return SkipToEnd();
    if (Sym(At(), ",") || Sym(At(), ")")) {
      return Fail(*At(), "an argument is missing in front of " + Show(*At()),
                  "remove the comma, or complete the arguments");
    }
    bool unit = Word(At(), kUnits) && (Sym(At(1), ",") || Key(At(1), "FROM"));
    if (IsName(At()) && Sym(At(1), "=") && Sym(At(2), ">") && Touch(At(1), At(2))) at_ += 3;
    if (unit || (Sym(At(), "*") && (Sym(At(1), ")") || Sym(At(1), ",")))) {
      ++at_;
    } else if (!Condition()) {
      return false;
    }
    if (!At()) return NoValue();
    if (Sym(At(), ")")) break;
    if (Word(At(), kInCall)) return SkipToEnd();
    if (!Sym(At(), ",")) return Stray();
    ++at_;
  }
  ++at_;
  return BehindCall();
}

bool CriteriaReader::BehindCall() {
  bool nulls = Word(At(), " IGNORE RESPECT ") && Word(At(1), " NULLS ");
  if (nulls) at_ += 2;
  bool within = Word(At(), " WITHIN ") && Key(At(1), "GROUP") && Sym(At(2), "(");
  if (within) at_ += 2, SkipParentheses();
  while (Word(At(), " OVER FILTER AGAINST ") && Sym(At(1), "(")) ++at_, SkipParentheses();
  return true;
}

bool CriteriaReader::IsQuery(const Token* token) { return Word(token, " SELECT WITH VALUES "); }

bool CriteriaReader::SkipParentheses() { return ++at_, SkipToEnd(); }

bool CriteriaReader::SkipQuery() {
  if (!Sym(At(2), ")")) return SkipParentheses();
  return Fail(*At(1), fmt::format("nothing follows {}", Show(*At(1))), "complete the query");
}

bool CriteriaReader::SkipToEnd() {
  for (int depth = 1; At() && depth > 0; ++at_) {
    if (Sym(At(), "(")) ++depth;
    if (Sym(At(), ")")) --depth;
  }
  return true;
}

}  // namespace viasync::model
