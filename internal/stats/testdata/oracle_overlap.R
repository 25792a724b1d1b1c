# The covariance of two means whose samples share people: both samples stacked in one design, a person a sampling unit.
# Usage: Rscript oracle_overlap.R cases.json answers.json
suppressMessages({library(survey); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
answers <- lapply(fromJSON(args[1], simplifyVector = FALSE), function(c) {
  part <- function(s, wave) data.frame(wave = wave, person = unlist(s$person), w = unlist(s$weights),
    y = vapply(s$values, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0))
  stacked <- rbind(part(c$a, "a"), part(c$b, "b"))
  des <- svydesign(ids = ~person, weights = ~w, data = stacked)
  by <- svyby(~y, ~wave, subset(des, !is.na(y)), svymean, covmat = TRUE)
  v <- vcov(by)
  list(correlation = v[1, 2] / sqrt(v[1, 1] * v[2, 2]), cov = v[1, 2], se = as.numeric(SE(svycontrast(by, c(1, -1)))))
})
write(toJSON(answers, auto_unbox = TRUE, digits = 16), args[2])
