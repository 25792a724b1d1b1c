package items

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"tekentafel/internal/skills/items/tune"
	"tekentafel/internal/spreadsheet"
	"tekentafel/internal/web"
)

// ItemView is an item with its parameters, for who computes with them.
type ItemView struct {
	ID      string    `json:"id"`
	Skill   string    `json:"skill"`
	Area    string    `json:"area"`
	Kind    string    `json:"kind" enum:"graded,choice"`
	Basis   string    `json:"basis" enum:"experts,answers" doc:"What the parameters rest on."`
	N       int       `json:"n" doc:"Answers that they rest on; 0 for a guess of experts."`
	A       float64   `json:"a" doc:"Slope, logistic, D = 1."`
	B       []float64 `json:"b" doc:"Thresholds, rising; 0 and 1 are mean and standard deviation of the reference population."`
	C       float64   `json:"c,omitempty" doc:"Lower asymptote of a choice."`
	SlopeSE float64   `json:"a_se,omitempty" doc:"Standard error of the slope; absent for one that stayed as guessed."`
	SE      []float64 `json:"b_se,omitempty" doc:"Standard errors of the thresholds; absent for a guess."`
	GuessA  float64   `json:"guess_a" doc:"As experts guessed."`
	GuessB  []float64 `json:"guess_b"`
	Since   int64     `json:"since,omitempty" doc:"The version in which the parameters came into use."`
}

// BankView is the items with the parameters in use.
type BankView struct {
	Model   string     `json:"model" doc:"How to read the parameters."`
	Version int64      `json:"version" doc:"Of the parameters; 0 is the guesses of experts."`
	Made    string     `json:"made,omitempty" doc:"The day on which the version came into use."`
	MadeUp  bool       `json:"made_up" doc:"The version rests on made-up answers."`
	Cuts    []float64  `json:"cuts" doc:"Between the levels."`
	Items   []ItemView `json:"items"`
}

// model says how to read parameters.
const model = "graded response model (Samejima 1969), logistic, D = 1: P(category k or higher) = c + (1-c) / (1 + exp(-a (theta - b_k)))"

func (s *Service) viewOf(u inUse) BankView {
	out := BankView{Model: model, Version: u.version.Number, MadeUp: u.version.Synthetic, Cuts: s.empty(u.material).Cuts, Items: []ItemView{}}
	if !u.version.At.IsZero() {
		out.Made = u.version.At.UTC().Format(time.DateOnly)
	}
	for i := range u.material.Items {
		it, guess := &u.material.Items[i], &s.Material.Items[i]
		v := ItemView{ID: it.ID, Skill: it.Skill, Area: it.Area, Kind: string(it.Kind), Basis: "experts", A: it.Parameters.A, B: it.Parameters.B, C: it.Parameters.C, GuessA: guess.Parameters.A, GuessB: guess.Parameters.B}
		if p, known := u.version.Parameters[it.ID]; known && p.Mark == it.Mark() {
			v.Basis, v.N, v.SlopeSE, v.SE, v.Since = "answers", p.N, p.SlopeSE, p.SE, p.Since
		}
		out.Items = append(out.Items, v)
	}
	return out
}

// number writes a number for programs.
func number(x float64) string { return strconv.FormatFloat(x, 'f', 4, 64) }

// pair writes two numbers in two cells, empty where there are fewer.
func pair(list []float64) []string {
	out := []string{"", ""}
	for i := range list[:min(2, len(list))] {
		out[i] = number(list[i])
	}
	return out
}

// sheet writes rows as a file of values between commas.
func sheet(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range rows {
		for i := range row {
			if _, err := strconv.ParseFloat(row[i], 64); err != nil {
				row[i] = spreadsheet.Guard(row[i])
			}
		}
		if err := w.Write(row); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func bankSheet(v *BankView) ([]byte, error) {
	rows := [][]string{{"item", "skill", "area", "kind", "basis", "n", "a", "a_se", "b1", "b1_se", "b2", "b2_se", "c", "guess_a", "guess_b1", "guess_b2", "version"}}
	for i := range v.Items {
		x := &v.Items[i]
		b, se, guess := pair(x.B), pair(x.SE), pair(x.GuessB)
		slope := ""
		if x.SlopeSE > 0 {
			slope = number(x.SlopeSE)
		}
		rows = append(rows, []string{x.ID, x.Skill, x.Area, x.Kind, x.Basis, strconv.Itoa(x.N), number(x.A), slope, b[0], se[0], b[1], se[1], number(x.C), number(x.GuessA), guess[0], guess[1], itoa(v.Version)})
	}
	return sheet(rows)
}

func calibrationSheet(c *Calibration) ([]byte, error) {
	rows := [][]string{{"item", "skill", "verdict", "n", "n_office", "n_field", "a", "a_se", "b1", "b1_se", "b2", "b2_se", "c", "guess_a", "guess_b1", "guess_b2", "was_a", "was_b1", "was_b2", "moved", "infit", "outfit", "misfit", "fit_p", "dif_signed", "dif_size", "dif_p"}}
	for i := range c.Result.Items {
		x := &c.Result.Items[i]
		b, se, guess, was := pair(x.New.B), pair(x.SE), pair(x.Guess.B), pair(x.Was.B)
		slope, dif := number(x.SlopeSE), []string{"", "", ""}
		fit := []string{number(x.Moved), number(x.Infit), number(x.Outfit), number(x.Misfit), number(x.FitP)}
		if x.SlopeSE == 0 { // it stayed as guessed
			slope = ""
		}
		if x.Verdict == tune.TooFew {
			slope, se, fit = "", []string{"", ""}, make([]string, 5)
		}
		if x.DIF != nil {
			dif = []string{number(x.DIF.Signed), number(x.DIF.Size), strconv.FormatFloat(x.DIF.P, 'g', 4, 64)}
		}
		row := []string{x.ID, x.Skill, string(x.Verdict), strconv.Itoa(x.N), strconv.Itoa(x.Office), strconv.Itoa(x.Field), number(x.New.A), slope, b[0], se[0], b[1], se[1], number(x.New.C), number(x.Guess.A), guess[0], guess[1], number(x.Was.A), was[0], was[1]}
		rows = append(rows, append(append(row, fit...), dif...))
	}
	return sheet(rows)
}

// chosenCalibration is the calibration that an address asks for; nil for what is in use.
func (s *Service) chosenCalibration(r *web.Request) (*Calibration, error) {
	id := r.URL.Query().Get("calibration")
	if id == "" {
		return nil, nil //nolint:nilnil // what is in use
	}
	c, err := s.Calibration(r.Context(), r.Actor, id)
	return &c, err
}

func (s *Service) exportCSV(w http.ResponseWriter, r *web.Request) error {
	c, err := s.chosenCalibration(r)
	if err != nil {
		return err
	}
	var content []byte
	if c != nil {
		content, err = calibrationSheet(c)
	} else {
		u, failed := s.usedBy(r.Context(), s.reader(r))
		if failed != nil {
			return failed
		}
		v := s.viewOf(u)
		content, err = bankSheet(&v)
	}
	if err != nil {
		return err
	}
	return send(w, r, c, ".csv", "text/csv; charset=utf-8", content)
}

func (s *Service) exportJSON(w http.ResponseWriter, r *web.Request) error {
	c, err := s.chosenCalibration(r)
	if err != nil {
		return err
	}
	var v any
	if c != nil {
		v = viewOfCalibration(c)
	} else {
		u, err := s.usedBy(r.Context(), s.reader(r))
		if err != nil {
			return err
		}
		v = s.viewOf(u)
	}
	content, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return send(w, r, c, ".json", "application/json; charset=utf-8", content)
}

func send(w http.ResponseWriter, r *web.Request, c *Calibration, ending, kind string, content []byte) error {
	name := "items"
	if c != nil {
		name = "calibration-" + c.At.UTC().Format(time.DateOnly)
	}
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+ending+`"`)
	return r.Send(w, http.StatusOK, kind, content)
}
