package main

// What the page says, and the two lists of the filter bar.

const buildings = "select b.id::text, b.name from app.building b where b.tenant_id = $1 order by b.name limit 1000"

const people = `select m.id::text, m.name from app.member m
 where m.tenant_id = $1 and m.disabled_at is null and m.roles && $2 order by m.name, m.id`

const views = `select query, name from app.fault_view
 where tenant_id = $1 and (owner_id = $2 or shared) order by name, id limit 100`

var stateWords = map[string]string{
	"reported": "Reported", "assigned": "Assigned", "in_progress": "In progress", "on_hold": "On hold", "resolved": "Resolved",
	"closed": "Closed", "reopened": "Reopened", "cancelled": "Cancelled",
}

var tones = map[string]string{
	"reported": "info", "in_progress": "info", "assigned": "note", "on_hold": "warn", "reopened": "warn", "resolved": "ok",
	"closed": "neutral", "cancelled": "neutral",
}

var marks = map[string]string{
	"reported": "ring", "reopened": "ring", "assigned": "half", "on_hold": "half", "in_progress": "dot", "resolved": "check",
	"closed": "check", "cancelled": "strike",
}

var words = map[string]string{
	"plumbing": "Plumbing", "heating": "Heating", "electrical": "Electrical", "elevator": "Elevator", "structural": "Structure",
	"common_area": "Common area", "security": "Locks and security", "cleaning": "Cleaning",
}

var states = []choice{
	{"open", "All open"}, {"overdue", "Overdue"}, {"reported", "Reported"}, {"assigned", "Assigned"}, {"in_progress", "In progress"},
	{"on_hold", "On hold"}, {"resolved", "Resolved"}, {"closed", "Closed"}, {"reopened", "Reopened"}, {"cancelled", "Cancelled"},
}

var categories = []choice{
	{"plumbing", "Plumbing"}, {"heating", "Heating"}, {"electrical", "Electrical"}, {"elevator", "Elevator"},
	{"structural", "Structure"}, {"common_area", "Common area"}, {"security", "Locks and security"}, {"cleaning", "Cleaning"},
}

var months = []choice{{"this", "This month"}, {"last", "Last month"}}

var days = []choice{{"today", "Today"}, {"tomorrow", "Tomorrow"}}
