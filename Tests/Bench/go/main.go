// The list page of faults in Go (net/http, html/template, pgx), as `portico bench page` measures it beside Portico's: the same
// statements behind the same wall, in two round trips, and the same markup. It writes no log line and checks no rights.
package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"html/template"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"bytes"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

type house struct {
	pool   *pgxpool.Pool
	page   *template.Template
	key    []byte
	kid    string
	tenant int
	zone   *time.Location
}

type session struct {
	ID, MemberID, Name, Email, Theme string
	Roles                            []string
	Locale, Zone                     *string
	SeenAt                           time.Time
	Unread                           int
}

type moment struct{ ISO, Text string }

type badge struct{ Text, Tone, Mark string }

type row struct {
	ID, Path, Number, Title, Place, Category, Assignee string
	Badges                                             []badge
	Due                                                *moment
	Reported                                           moment
}

type choice struct{ Value, Label string }

type item struct {
	Path, Icon, Label string
	Current           bool
	Count             int
}

type view struct {
	Session                               session
	CSRF, FormKey, Summary, Next          string
	Items                                 []item
	States, Categories, Buildings, People []choice
	Months, Days                          []choice
	Rows                                  []row
	Views                                 []link
}

type link struct{ Path, Label string }

func main() {
	key, err := hex.DecodeString(os.Getenv("PORTICO_TICKET_KEY"))
	if err != nil || len(key) != 64 {
		log.Fatal("PORTICO_TICKET_KEY must be 128 hex digits")
	}
	config, err := pgxpool.ParseConfig(os.Getenv("PORTICO_DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	config.ConnConfig.User = "portico_app"
	config.MaxConns = 20
	pool, err := pgxpool.ConnectConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	tenant, err := strconv.Atoi(os.Getenv("BENCH_TENANT"))
	if err != nil {
		log.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		log.Fatal(err)
	}
	kid := os.Getenv("PORTICO_TICKET_KID")
	if kid == "" {
		kid = "1"
	}
	h := &house{pool: pool, page: template.Must(template.New("page").Parse(markup)), key: key, kid: kid, tenant: tenant, zone: zone}
	http.HandleFunc("/login", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ready") })
	http.HandleFunc("/faults", h.list)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORTICO_PORT"), nil))
}

func (h *house) ticket(actor string) string {
	text := fmt.Sprintf("%s|%d|%s|%d", h.kid, h.tenant, actor, time.Now().Unix()+60)
	mac := hmac.New(sha256.New, h.key)
	mac.Write([]byte(text))
	return text + "|" + hex.EncodeToString(mac.Sum(nil))
}

const setTicket = "select sec.enter($1), set_config('transaction_read_only', 'on', true)"

func (h *house) list(w http.ResponseWriter, r *http.Request) {
	cookie, err := r.Cookie("portico")
	if err != nil {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	who, err := h.session(r.Context(), cookie.Value)
	if err != nil {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	v, err := h.view(r.Context(), who)
	if err != nil {
		log.Print(err)
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	var out bytes.Buffer
	if err := h.page.Execute(&out, v); err != nil {
		log.Print(err)
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	}
	h.answer(w, r, out.Bytes())
}

func (h *house) answer(w http.ResponseWriter, r *http.Request, page []byte) {
	hash := fnv.New64a()
	hash.Write(page)
	etag := "W/\"" + strconv.FormatUint(hash.Sum64(), 36) + "\""
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "private, no-cache")
	header.Set("Vary", "Cookie")
	header.Set("Etag", etag)
	header.Set("Content-Security-Policy", "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("X-Frame-Options", "DENY")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Cross-Origin-Opener-Policy", "same-origin")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	header.Set("Content-Length", strconv.Itoa(len(page)))
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Write(page)
}

func (h *house) session(ctx context.Context, token string) (session, error) {
	hash := sha256.Sum256([]byte(token))
	now := time.Now()
	batch := &pgx.Batch{}
	batch.Queue(setTicket, h.ticket(""))
	batch.Queue(`select s.id::text, s.member_id::text, m.name, m.email, m.roles, m.locale, m.time_zone, m.theme, s.seen_at,
       (select count(*) from app.notification n where n.tenant_id = s.tenant_id and n.member_id = s.member_id and n.read_at is null) as unread
  from app.session s join app.member m on m.tenant_id = s.tenant_id and m.id = s.member_id
 where s.tenant_id = $1 and s.token_hash = $2 and s.kind = $3 and s.expires_at > $4 and s.idle_until > $4 and m.disabled_at is null`,
		h.tenant, hash[:], "browser", now)
	answers := h.pool.SendBatch(ctx, batch)
	defer answers.Close()
	var s session
	if _, err := answers.Exec(); err != nil {
		return s, err
	}
	err := answers.QueryRow().Scan(&s.ID, &s.MemberID, &s.Name, &s.Email, &s.Roles, &s.Locale, &s.Zone, &s.Theme, &s.SeenAt, &s.Unread)
	return s, err
}

func (h *house) view(ctx context.Context, who session) (view, error) {
	now := time.Now()
	batch := &pgx.Batch{}
	batch.Queue(setTicket, h.ticket(who.MemberID))
	batch.Queue(`select f.id::text, f.number, f.title, f.category, f.priority, f.state, b.name as building, u.label as unit,
       m.name as assignee, f.reported_at, f.due_at
  from (select * from app.fault f where f.tenant_id = $1 order by f.id desc limit 21) f
  join app.building b on b.tenant_id = f.tenant_id and b.id = f.building_id
  left join app.unit u on u.tenant_id = f.tenant_id and u.id = f.unit_id
  left join app.member m on m.tenant_id = f.tenant_id and m.id = f.assignee_id
 order by f.id desc`, h.tenant)
	batch.Queue("select count(*) from app.fault f where f.tenant_id = $1", h.tenant)
	batch.Queue(buildings, h.tenant)
	batch.Queue(people, h.tenant, []string{"technician", "manager"})
	batch.Queue(views, h.tenant, who.MemberID)
	answers := h.pool.SendBatch(ctx, batch)
	defer answers.Close()
	v := view{Session: who, States: states, Categories: categories, Months: months, Days: days, Items: items(who.Unread)}
	if _, err := answers.Exec(); err != nil {
		return v, err
	}
	last, more, err := h.rows(answers, &v, now)
	if err != nil {
		return v, err
	}
	var total int
	if err := answers.QueryRow().Scan(&total); err != nil {
		return v, err
	}
	v.Summary = grouped(total) + " faults"
	if more {
		v.Next = "/faults?cursor=after-" + last
	}
	if v.Buildings, err = choices(answers); err != nil {
		return v, err
	}
	if v.People, err = choices(answers); err != nil {
		return v, err
	}
	if v.Views, err = links(answers); err != nil {
		return v, err
	}
	mac := hmac.New(sha256.New, h.key)
	mac.Write([]byte("csrf" + strconv.Itoa(h.tenant) + who.ID))
	v.CSRF = base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
	v.FormKey = who.ID
	return v, nil
}

func (h *house) rows(answers pgx.BatchResults, v *view, now time.Time) (last string, more bool, err error) {
	rows, err := answers.Query()
	if err != nil {
		return "", false, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, number, title, category, priority, state, building string
		var unit, assignee *string
		var reported, due time.Time
		if err := rows.Scan(&id, &number, &title, &category, &priority, &state, &building, &unit, &assignee, &reported, &due); err != nil {
			return "", false, err
		}
		if len(v.Rows) == 20 {
			more = true
			continue
		}
		last = id
		line := row{
			ID: id, Path: "/faults/" + number, Number: number, Title: title, Category: words[category], Reported: h.moment(reported),
			Badges: badges(state, priority, due.Before(now)), Place: building + ", common parts",
		}
		if unit != nil {
			line.Place = building + ", " + *unit
		}
		if assignee != nil {
			line.Assignee = *assignee
		}
		if open(state) {
			moment := h.moment(due)
			line.Due = &moment
		}
		v.Rows = append(v.Rows, line)
	}
	return last, more, rows.Err()
}

func choices(answers pgx.BatchResults) ([]choice, error) {
	rows, err := answers.Query()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []choice
	for rows.Next() {
		var c choice
		if err := rows.Scan(&c.Value, &c.Label); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

func links(answers pgx.BatchResults) ([]link, error) {
	all, err := choices(answers)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	list := []link{{"/faults?all=1", "All"}}
	for _, c := range all {
		list = append(list, link{"/faults?" + c.Value, c.Label})
	}
	return list, nil
}

func (h *house) moment(t time.Time) moment {
	local := t.In(h.zone)
	return moment{ISO: local.Format(time.RFC3339), Text: local.Format("2 Jan, 15:04")}
}

func open(state string) bool {
	return state != "resolved" && state != "closed" && state != "cancelled"
}

func badges(state, priority string, late bool) []badge {
	all := []badge{{stateWords[state], tones[state], marks[state]}}
	if open(state) && late {
		all = append(all, badge{"Overdue", "bad", "triangle"})
	}
	if open(state) && priority == "urgent" {
		all = append(all, badge{"Urgent", "bad", ""})
	}
	if open(state) && priority == "high" {
		all = append(all, badge{"High", "warn", ""})
	}
	return all
}

func items(unread int) []item {
	return []item{
		{"/dashboard", "house", "Home", false, 0}, {"/faults", "tools", "Faults", true, 0}, {"/incidents", "exclamation-triangle", "Outages", false, 0},
		{"/buildings", "buildings", "Buildings", false, 0}, {"/people", "people", "People", false, 0}, {"/notifications", "inbox", "Notices", false, unread},
	}
}

func grouped(n int) string {
	text := strconv.Itoa(n)
	if len(text) <= 3 {
		return text
	}
	return strings.Join([]string{text[:len(text)-3], text[len(text)-3:]}, ",")
}
