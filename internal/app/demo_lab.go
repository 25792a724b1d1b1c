package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tekentafel/internal/access"
	"tekentafel/internal/asked"
	"tekentafel/internal/gateway/backend"
	"tekentafel/internal/gateway/practice"
	"tekentafel/internal/gateway/wire"
	"tekentafel/internal/instrument"
	"tekentafel/internal/lab"
	"tekentafel/internal/lab/example"
	labkept "tekentafel/internal/lab/kept"
	"tekentafel/internal/lab/task"
	shadowdesk "tekentafel/internal/shadow/desk"
)

// demoConversations lets the employee keep two conversations with the practice model, and share one.
func (a *App) demoConversations(ctx context.Context, c *demoCast) error {
	if _, _, err := a.demoKeep(ctx, c.employee, "Verslag van het werkoverleg (synthetisch)", "summarise"); err != nil {
		return err
	}
	kept, version, err := a.demoKeep(ctx, c.employee, "Een brief in gewone taal (synthetisch)", "plain_letter")
	if err != nil {
		return err
	}
	_, err = a.lab.kept.Share(ctx, c.employee, kept, version, "", labkept.Choice{}, "", "", instrument.NL)
	return err
}

// demoKeep keeps a conversation that began by a task, with the example text of the task, and what the practice model answers to it.
func (a *App) demoKeep(ctx context.Context, actor access.Actor, title, name string) (kept string, version int64, err error) {
	tasks, err := task.BuiltIn()
	if err != nil {
		return "", 0, err
	}
	i := slices.IndexFunc(tasks, func(t task.Task) bool { return t.ID == name })
	if i < 0 {
		return "", 0, fmt.Errorf("there is no task %s", name)
	}
	values := map[string]string{}
	for _, f := range tasks[i].Fields {
		if values[f.ID] = f.Desk[instrument.NL]; len(f.Options) > 0 {
			values[f.ID] = f.Options[0].ID
		}
	}
	asked := lab.Message{ID: "1", Role: lab.User, Text: task.Text(task.Build(&tasks[i], instrument.NL, values)), Task: name, At: a.Now().Add(-time.Hour)}
	text, err := practiceAnswer(asked)
	if err != nil {
		return "", 0, err
	}
	answered := lab.Message{ID: "2", Parent: "1", Role: lab.Assistant, Text: text, Model: backend.PracticeName, At: asked.At.Add(5 * time.Second)}
	return a.lab.kept.Keep(ctx, actor, "", 0, &lab.Conversation{Title: title, Messages: []lab.Message{asked, answered}, Leaf: "2"}, "")
}

// practiceAnswer is what the practice model answers, without the pace at which it writes.
func practiceAnswer(asked lab.Message) (string, error) {
	m := backend.Model{Name: backend.PracticeName, Practice: true}
	said, err := conversation(&lab.Question{Lang: instrument.NL, Model: m.Name, Messages: []lab.Message{asked}}, &m)
	if err != nil {
		return "", err
	}
	body, err := said.Body(wire.Chat, wire.Options{})
	if err != nil {
		return "", err
	}
	r, err := wire.ReadRequest(wire.Chat, body, wire.Limits{})
	if err != nil {
		return "", err
	}
	answer, err := practice.Reply(r)
	if err != nil {
		return "", err
	}
	return answer.Parts[0].Text, nil
}

// demoExamples lets the manager offer an example that is shown, and the employee one that waits to be read.
func (a *App) demoExamples(ctx context.Context, c *demoCast) error {
	department, err := a.demoDepartment(ctx, c)
	if err != nil {
		return err
	}
	shown, err := a.lab.examples.Offer(ctx, c.manager, example.Content{
		Title:  "Een agenda voor de ploegvergadering (synthetisch)",
		Did:    "Ik gaf losse punten die de ploeg had opgeschreven, en vroeg een agenda van drie kwartier.",
		Prompt: "Maak van deze punten een agenda voor een vergadering van 45 minuten. Zet bij elk punt hoe lang het duurt en wat we moeten beslissen. Punten: nieuwe werkkledij, sleutels van het magazijn, wie helpt op de braderij.",
		Result: "Een agenda met drie punten en een tijd bij elk. Ik zette de sleutels vooraan, want daar hangt de rest van af.",
		Watch:  "Het model verzon een vierde punt. Leg de agenda dus naast je eigen lijst.",
		Tags:   "vergadering, ploeg", Task: "meeting", Lang: instrument.NL, Named: true}, asked.Request{})
	if err != nil {
		return err
	}
	if err := a.lab.examples.Decide(ctx, c.team, shown, 1, example.Shown, ""); err != nil {
		return err
	}
	_, err = a.lab.examples.Offer(ctx, c.employee, example.Content{
		Title:  "Een moeilijke zin uit een reglement uitleggen (synthetisch)",
		Did:    "Ik plakte een zin uit het reglement over terrassen en vroeg wat die in gewone woorden betekent.",
		Prompt: "Leg deze zin uit voor iemand zonder kennis van regels. Gebruik korte zinnen en geef één voorbeeld. De zin: De inname van het openbaar domein is onderworpen aan een voorafgaande vergunning.",
		Result: "Een uitleg van vier zinnen, met een terras als voorbeeld.",
		Watch:  "Het model liet het woord voorafgaande weg. Dat woord is net belangrijk.",
		Tags:   "regels, loket", Task: "explain_rule", Department: department, Lang: instrument.NL}, asked.Request{})
	return err
}

// demoWeeks are how many weeks of AI services elsewhere were counted.
const demoWeeks = 10

// elsewhere is a service that people use outside the offer: the part of them that did in the first week, and in the last.
type elsewhere struct {
	host        string
	first, last float64
}

func demoServices() []elsewhere {
	return []elsewhere{{"chatgpt.com", .24, .34}, {"copilot.microsoft.com", .1, .19}, {"www.deepl.com", .13, .12}, {"gemini.google.com", .04, .09}, {"www.perplexity.ai", .03, .05}, {"gamma.app", .02, .035}, {"otter.ai", .004, .008}}
}

// demoElsewhere has made-up lines of a proxy read and counted, with a table of who works in which department, and shows the count to all staff.
func (a *App) demoElsewhere(ctx context.Context, c *demoCast) error {
	s, err := a.places.Standing(ctx, c.tenant)
	if err != nil || len(s.Departments) == 0 {
		return err
	}
	table, log := a.demoLog(s.Departments)
	parts := []shadowdesk.Part{{Departments: true, Reader: strings.NewReader(table)}, {Reader: strings.NewReader(log)}}
	if _, err := a.shadow.Count(ctx, c.dpo, shadowdesk.Together(shadowdesk.How{}, parts...)); err != nil {
		return err
	}
	return a.shadow.Publish(ctx, c.dpo, true)
}

// demoLog writes a table of who works where, and the lines of a Squid proxy of the weeks before this one. Nobody's name is in it.
func (a *App) demoLog(departments []department) (table, log string) {
	chance := rand.New(rand.NewPCG(demoSeed, 10)) //nolint:gosec // made-up data that is the same each time
	var rows, lines strings.Builder
	now := a.Now().In(a.Zone)
	monday := time.Date(now.Year(), now.Month(), now.Day()-(int(now.Weekday())+6)%7, 9, 0, 0, 0, a.Zone)
	write := func(at time.Time, user, host string) {
		fmt.Fprintf(&lines, "%d.000 120 10.9.8.7 TCP_TUNNEL/200 %d CONNECT %s:443 %s HIER_DIRECT/192.0.2.1 -\n", at.Unix(), 900+chance.IntN(40_000), host, user)
	}
	n := 0
	for i, d := range departments {
		for range d.People {
			n++
			user := fmt.Sprintf("made-up-%d", n)
			fmt.Fprintf(&rows, "%s;%s\n", user, strings.ReplaceAll(d.Name, ";", ","))
			for _, x := range demoServices() {
				keen := chance.Float64() * (.8 + .1*float64(i%5)) // how little somebody of this department is drawn to it
				for week := range demoWeeks {
					if part := x.first + (x.last-x.first)*float64(week)/float64(demoWeeks-1); keen < part && chance.IntN(8) > 0 {
						write(monday.AddDate(0, 0, 7*(week-demoWeeks)+chance.IntN(5)).Add(time.Duration(chance.IntN(7*3600))*time.Second), user, x.host)
					}
				}
			}
		}
	}
	for week := range demoWeeks {
		for day := range 5 {
			write(monday.AddDate(0, 0, 7*(week-demoWeeks)+day), "made-up-1", "www.voorbeeld.example")
		}
	}
	return rows.String(), lines.String()
}
