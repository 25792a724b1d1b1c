package extract

import (
	"embed"
	"fmt"
	"strconv"
	"sync"

	"tekentafel/internal/i18n"
	"tekentafel/internal/problem"
)

//go:embed locale
var localeFiles embed.FS

var locale = sync.OnceValue(func() *i18n.Bundle { return i18n.New(localeFiles, "locale") })

// Locale returns the messages of this package.
func Locale() *i18n.Bundle { return locale() }

func refuse(key string) *problem.Problem { return problem.New(problem.Unsupported, locale(), key, nil) }

// tooLarge says that a file is larger than a number of bytes.
func tooLarge(key string, most int) *problem.Problem {
	return problem.New(problem.TooLarge, locale(), key, i18n.Args{"most": strconv.Itoa(max(1, most>>20))})
}

func damaged(err error) error { return refuseFor("error.damaged", err) }

// refuseFor refuses with the kind of error for the log, and not its words: those of a parser quote what stands in the file.
func refuseFor(key string, err error) error {
	if err == nil {
		return refuse(key)
	}
	return refuse(key).Because(fmt.Errorf("%T", err))
}

// note says something about what was taken, once.
func (o *output) note(key string, args i18n.Args) {
	for _, n := range o.notes {
		if n.Key == key {
			return
		}
	}
	o.notes = append(o.notes, problem.Message{Bundle: locale(), Key: key, Args: args})
}
