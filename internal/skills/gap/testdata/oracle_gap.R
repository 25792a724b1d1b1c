# The gap of one skill with lme4 and base R, from the scores of single people: a mixed model with crossed random intercepts, its
# prediction for every cell of the staff list, normal integrals, and sums weighted by the staff list.
# Usage: Rscript oracle_gap.R in.json out.json
suppressMessages({library(lme4); library(jsonlite)})
args <- commandArgs(trailingOnly = TRUE)
case <- fromJSON(args[1])
people <- as.data.frame(case$people)
for (v in c("f", "d", "g")) people[[v]] <- factor(people[[v]])
people$c <- interaction(people$f, people$d, drop = TRUE)
tight <- lmerControl(optimizer = "nloptwrap", calc.derivs = FALSE, check.conv.singular = "ignore",
  optCtrl = list(algorithm = "NLOPT_LN_BOBYQA", xtol_abs = 1e-12, xtol_rel = 1e-12, ftol_abs = 1e-14, ftol_rel = 1e-15, maxeval = 20000))
m <- lmer(y ~ 1 + (1 | f) + (1 | d) + (1 | c) + (1 | g), people, control = tight)
m <- update(m, start = getME(m, "theta"))
variance <- sapply(VarCorr(m), as.numeric)
within <- sigma(m)^2 - case$error

# Posterior covariance of all random effects and the intercept (Bates et al. 2015, eq. 54).
lambda <- getME(m, "Lambda"); z <- getME(m, "Z"); x <- getME(m, "X")
both <- cbind(z %*% lambda, x)
joint <- as.matrix(solve(crossprod(both) + Diagonal(x = c(rep(1, ncol(z)), 0)))) * sigma(m)^2
scale <- as.matrix(bdiag(lambda, Diagonal(1)))
joint <- scale %*% joint %*% t(scale)
column <- list(); at <- 0
for (t in names(getME(m, "cnms"))) {
  l <- levels(getME(m, "flist")[[t]])
  column[[t]] <- setNames(at + seq_along(l), l); at <- at + length(l)
}
effects <- c(unlist(lapply(names(column), function(t) ranef(m)[[t]][[1]])), fixef(m))
staff <- as.data.frame(case$staff)
staff$c <- paste(staff$f, staff$d, sep = ".")
figures <- t(sapply(seq_len(nrow(staff)), function(i) {
  row <- numeric(length(effects)); row[length(effects)] <- 1; extra <- 0
  for (t in names(column)) {
    j <- column[[t]][as.character(staff[[t]][i])]
    if (is.na(j)) extra <- extra + variance[[t]] else row[j] <- 1
  }
  v <- as.numeric(row %*% joint %*% row) + extra
  below <- pnorm((case$cuts - sum(row * effects)) / sqrt(within + v))
  r <- staff$required[i]
  c(level = 1 + sum(1 - below), below = if (r > 1) below[r - 1] else 0, distance = sum(below[seq_len(r - 1)]))
}))
over <- function(by) {
  lapply(split(seq_len(nrow(staff)), by), function(i) as.numeric(colSums(figures[i, , drop = FALSE] * staff$n[i]) / sum(staff$n[i])))
}
write_json(list(variance = as.list(variance), residual = sigma(m)^2, whole = over(rep("", nrow(staff)))[[1]],
  functions = over(staff$f), departments = over(staff$d)), args[2], digits = NA, auto_unbox = TRUE)
