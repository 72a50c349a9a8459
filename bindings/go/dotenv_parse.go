package icecat

import "strings"

// lineProblem is a line that is not understood. Its text is not told: it may be secret.
type lineProblem struct {
	number  int
	problem string
}

// dotenvReader reads KEY=value lines by the rules of the icecat command: [export], 'as it is', "with \n", # comments.
type dotenvReader struct {
	text string
	at   int
	line int
}

const noByte = -1

func (r *dotenvReader) peek() int {
	if r.at >= len(r.text) {
		return noByte
	}
	return int(r.text[r.at])
}

func (r *dotenvReader) atLineEnd() bool {
	c := r.peek()
	return c == noByte || c == '\n' || c == '\r' && (r.at+1 == len(r.text) || r.text[r.at+1] == '\n')
}

func (r *dotenvReader) skipBlanks() {
	for r.peek() == ' ' || r.peek() == '\t' {
		r.at++
	}
}

func (r *dotenvReader) skipLine() {
	for !r.atLineEnd() {
		r.at++
	}
}

func (r *dotenvReader) fault(problem string) *lineProblem { return &lineProblem{r.line, problem} }

func isNameByte(c byte, first bool) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' ||
		!first && (c >= '0' && c <= '9' || c == '.' || c == '-')
}

// parseDotenv gives the last value of each name.
func parseDotenv(text string) (map[string]string, *lineProblem) {
	entries := map[string]string{}
	if strings.IndexByte(text, 0) >= 0 {
		return nil, &lineProblem{1, "not a text file: it has a zero byte"}
	}
	r := &dotenvReader{text: strings.TrimPrefix(text, "\ufeff"), line: 1}
	for r.at < len(r.text) {
		if problem := r.readLine(entries); problem != nil {
			return nil, problem
		}
	}
	return entries, nil
}

// readLine reads up to the end of the line, or of the value that goes on behind it.
func (r *dotenvReader) readLine(entries map[string]string) *lineProblem {
	r.skipBlanks()
	if r.peek() == '#' {
		r.skipLine()
	}
	if !r.atLineEnd() {
		if problem := r.readEntry(entries); problem != nil {
			return problem
		}
	}
	if r.peek() == '\r' {
		r.at++
	}
	if r.peek() == '\n' {
		r.at++
		r.line++
	}
	return nil
}

func (r *dotenvReader) readEntry(entries map[string]string) *lineProblem {
	if rest := r.text[r.at:]; strings.HasPrefix(rest, "export ") || strings.HasPrefix(rest, "export\t") {
		r.at += len("export")
		r.skipBlanks()
	}
	start := r.at
	for r.at < len(r.text) && isNameByte(r.text[r.at], r.at == start) {
		r.at++
	}
	key := r.text[start:r.at]
	r.skipBlanks()
	if key == "" || r.peek() != '=' {
		return r.fault("expected KEY=value")
	}
	r.at++
	r.skipBlanks()
	value, problem := r.readValue()
	entries[key] = value
	return problem
}

func (r *dotenvReader) readValue() (string, *lineProblem) {
	quote := r.peek()
	if quote != '\'' && quote != '"' {
		return r.replaced(r.unquoted())
	}
	r.at++
	value, problem := r.quoted(byte(quote))
	if problem != nil || quote == '\'' {
		return value, problem
	}
	return r.replaced(value)
}

// replaced refuses what other readers of such files would replace.
func (r *dotenvReader) replaced(value string) (string, *lineProblem) {
	if strings.Contains(value, "${") {
		return "", r.fault("${...} is not replaced in this file; write the value itself, or put it in single quotes")
	}
	return value, nil
}

// unquoted reads up to the end of the line or a blank with #, without blanks at the end.
func (r *dotenvReader) unquoted() string {
	start, end := r.at, r.at
	for ; !r.atLineEnd(); r.at++ {
		c := r.text[r.at]
		if c == '#' && (r.at == start || r.text[r.at-1] == ' ' || r.text[r.at-1] == '\t') {
			break
		}
		if c != ' ' && c != '\t' {
			end = r.at + 1
		}
	}
	r.skipLine()
	return r.text[start:end]
}

// quoted reads from behind the opening quote up to the end of the line.
func (r *dotenvReader) quoted(quote byte) (string, *lineProblem) {
	first := r.line
	var value strings.Builder
	for ; r.peek() != int(quote); r.at++ {
		if r.peek() == noByte {
			r.line = first
			return "", r.fault("the quote that begins here does not end")
		}
		c := r.text[r.at]
		if c == '\n' {
			r.line++
		}
		if c == '\\' && r.at+1 < len(r.text) {
			if meant, ok := unescape(quote, r.text[r.at+1]); ok {
				c = meant
				r.at++
			}
		}
		value.WriteByte(c)
	}
	r.at++
	r.skipBlanks()
	if !r.atLineEnd() && r.peek() != '#' {
		return "", r.fault("text follows the closing quote")
	}
	r.skipLine()
	return value.String(), nil
}

// unescape gives the character that a backslash and c stand for in such quotes; false when the backslash stays.
func unescape(quote, c byte) (byte, bool) {
	if c == '\\' || c == '\'' {
		return c, true
	}
	at := strings.IndexByte("nrtabfv\"", c)
	if quote != '"' || at < 0 {
		return 0, false
	}
	return "\n\r\t\a\b\f\v\""[at], true
}
