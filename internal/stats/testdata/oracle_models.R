# Oracle of the models: reads cases as JSON, writes what survey, psych and MASS make of them.
# Usage: Rscript oracle_models.R cases.json answers.json
suppressPackageStartupMessages({
  library(jsonlite); library(survey); library(psych)
})
options(survey.lonely.psu = "adjust", warn = -1)
args <- commandArgs(trailingOnly = TRUE)
cases <- fromJSON(args[1], simplifyVector = FALSE)

column <- function(x) vapply(x, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)

# Explained variance of every subset of predictors, and the mean gain of each over all orders (by enumeration).
lmg <- function(x, y, w) {
  p <- ncol(x)
  r2 <- function(set) {
    if (length(set) == 0) return(0)
    fit <- lm.wfit(cbind(1, x[, set, drop = FALSE]), y, w)
    1 - sum(w * fit$residuals^2) / sum(w * (y - weighted.mean(y, w))^2)
  }
  orders <- function(v) {
    if (length(v) <= 1) return(list(v))
    do.call(c, lapply(seq_along(v), function(i) lapply(orders(v[-i]), function(o) c(v[i], o))))
  }
  all <- orders(seq_len(p))
  part <- numeric(p)
  cache <- new.env()
  look <- function(set) {
    key <- paste(c("s", sort(set)), collapse = "-")
    if (is.null(cache[[key]])) cache[[key]] <- r2(sort(set))
    cache[[key]]
  }
  for (o in all) for (i in seq_along(o)) {
    part[o[i]] <- part[o[i]] + look(o[seq_len(i)]) - look(o[seq_len(i - 1)])
  }
  part / length(all)
}

model <- function(case) {
  p <- length(case$x)
  data <- as.data.frame(lapply(case$x, column))
  names(data) <- paste0("x", seq_len(p))
  data$y <- column(case$y)
  data$o <- column(case$o)
  n <- nrow(data)
  data$w <- if (is.null(case$weights)) 1 else column(case$weights)
  data$psu <- if (is.null(case$clusters)) seq_len(n) else column(case$clusters)
  data$h <- if (is.null(case$strata)) 0 else column(case$strata)
  fpc <- NULL
  if (!is.null(case$population)) {
    data$N <- column(case$population)[data$h + 1]
    fpc <- ~N
  }
  design <- svydesign(ids = ~psu, strata = ~h, weights = ~w, fpc = fpc, data = data)
  if (!is.null(case$margins)) {
    populations <- list()
    formulas <- list()
    for (g in seq_along(case$margins)) {
      name <- paste0("g", g)
      design$variables[[name]] <- factor(column(case$margins[[g]]))
      totals <- column(case$totals[[g]])
      populations[[g]] <- setNames(data.frame(factor(seq_along(totals) - 1), totals), c(name, "Freq"))
      formulas[[g]] <- as.formula(paste0("~", name))
    }
    design <- rake(design, formulas, populations, control = list(maxit = 1000, epsilon = 1e-10))
  }
  right <- paste0("x", seq_len(p), collapse = "+")
  design <- subset(design, complete.cases(design$variables[, c(paste0("x", seq_len(p)), "y")]))
  fit <- svyglm(as.formula(paste("y ~", right)), design)
  s <- summary(fit)
  used <- design$prob < Inf
  d <- design$variables[used, ]
  w <- weights(design)[used]
  x <- as.matrix(d[, paste0("x", seq_len(p)), drop = FALSE])
  rss <- sum(w * (d$y - predict(fit, d)[seq_len(nrow(d))])^2)
  sd_w <- function(v) sqrt(sum(w * (v - weighted.mean(v, w))^2) / sum(w))
  inverse <- solve(cov2cor(cov.wt(x, w)$cov))
  out <- list(
    n = sum(w > 0), coef = unname(coef(fit)), se = unname(SE(fit)), t = unname(s$coefficients[, 3]),
    p = unname(s$coefficients[, 4]), df = fit$df.residual,
    r2 = 1 - rss / sum(w * (d$y - weighted.mean(d$y, w))^2),
    standard = unname(coef(fit)[-1] * apply(x, 2, sd_w) / sd_w(d$y)),
    vif = unname(diag(inverse)), lmg = lmg(x, d$y, w)
  )
  if (!is.null(case$o)) {
    design$variables$f <- factor(design$variables$o)
    if (!is.null(case$margins)) {
      # subset() of a raked design keeps the other units at weight 0, and svyolr stumbles over their missing values.
      for (name in c(paste0("x", seq_len(p)), "f")) {
        v <- design$variables[[name]]
        v[is.na(v)] <- v[!is.na(v)][1]
        design$variables[[name]] <- v
      }
    }
    ordinal <- svyolr(as.formula(paste("f ~", right)), design,
      control = list(reltol = 1e-16, maxit = 2000, ndeps = rep(1e-5, p + nlevels(design$variables$f) - 1)))
    out$slopes <- unname(ordinal$coefficients)
    out$thresholds <- unname(ordinal$zeta)
    out$slope_se <- unname(sqrt(diag(ordinal$var))[seq_len(p)])
    out$ordinal_df <- ordinal$df.residual
  }
  out
}

# The minimum of the sum of squared residuals off the diagonal, to more digits than fa() stops at.
minres <- function(r, start) {
  k <- nrow(r)
  f <- function(l) sum((r - l %o% l)[lower.tri(r)]^2)
  g <- function(l) {
    e <- r - l %o% l
    diag(e) <- 0
    -2 * drop(e %*% l)
  }
  best <- start
  for (i in 1:20) best <- optim(best, f, g, method = "BFGS", control = list(reltol = 1e-18, maxit = 5000))$par
  if (sum(best) < 0) -best else best
}

# Alpha, omega and item statistics of a weighted covariance, Feldt's interval with Kish's effective number of cases.
weighted_scale <- function(items, w) {
  cov <- cov.wt(items, w, method = "ML")$cov
  k <- ncol(cov)
  of <- function(c) (1 - sum(diag(c)) / sum(c)) * ncol(c) / (ncol(c) - 1)
  r <- cov2cor(cov)
  l <- minres(r, as.numeric(fa(r, 1)$loadings))
  limits <- psych::alpha.ci(of(cov), sum(w)^2 / sum(w^2), k)
  omega <- (sum(r) - sum(1 - l^2)) / sum(r)
  list(
    n = nrow(items), alpha = of(cov), low = limits$lower.ci, high = limits$upper.ci, omega = omega, omega_exact = omega,
    rest = sapply(1:k, function(i) sum(cov[i, -i]) / sqrt(cov[i, i] * sum(cov[-i, -i]))),
    dropped = sapply(1:k, function(i) of(cov[-i, -i])), loadings = l
  )
}

scale_of <- function(case) {
  items <- as.data.frame(lapply(case$items, column))
  names(items) <- paste0("i", seq_along(items))
  complete <- complete.cases(items)
  items <- items[complete, ]
  if (!is.null(case$weights)) return(weighted_scale(items, column(case$weights)[complete]))
  sink("/dev/null")
  a <- psych::alpha(items, warnings = FALSE)
  sink()
  out <- list(
    n = nrow(items), alpha = a$total$raw_alpha, low = a$feldt$lower.ci[[1]], high = a$feldt$upper.ci[[1]],
    rest = a$item.stats$r.drop, dropped = a$alpha.drop$raw_alpha
  )
  o <- suppressMessages(suppressWarnings(psych::omega(items, nfactors = 1, plot = FALSE)))
  out$omega <- o$omega.tot
  out$psych_loadings <- as.numeric(fa(items, 1)$loadings)
  if (isTRUE(case$exact)) {
    r <- cor(items)
    l <- minres(r, out$psych_loadings)
    s <- ifelse(l < 0, -1, 1)
    whole <- sum(r * (s %o% s))
    out$loadings <- l
    out$omega_exact <- (whole - sum(1 - l^2)) / whole
  }
  out
}

named <- function(x) if (length(x) == 0) setNames(list(), character(0)) else x
answers <- list(
  models = named(lapply(cases$models, model)),
  scales = named(lapply(cases$scales, scale_of))
)
write_json(answers, args[2], digits = NA, auto_unbox = TRUE, pretty = TRUE)
