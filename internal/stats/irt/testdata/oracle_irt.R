# An independent formulation of what irt computes: the marginal likelihood as differences of cumulative logits, maximised by nlminb
# on numerical derivatives and finished with Newton's method; scores by adaptive integration and root finding.
arguments <- commandArgs(trailingOnly = TRUE)
input <- jsonlite::fromJSON(arguments[1], simplifyVector = FALSE)
numbers <- function(x) vapply(x, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)

# Category probabilities, a row each, at x.
curves <- function(a, b, floor, x) {
  above <- rbind(1, plogis(a * outer(-b, x, "+")), 0)
  if (floor > 0) above[2, ] <- floor + (1 - floor) * above[2, ]
  above[-nrow(above), , drop = FALSE] - above[-1, , drop = FALSE]
}

gradient <- function(f, p, h = 1e-3) sapply(seq_along(p), function(j) {
  at <- function(s) { q <- p; q[j] <- q[j] + s; f(q) }
  (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
})
curvature <- function(f, p, h = 1e-3) {
  n <- length(p); out <- matrix(0, n, n)
  for (j in 1:n) for (k in 1:j) {
    at <- function(s, t) { q <- p; q[j] <- q[j] + s; q[k] <- q[k] + t; f(q) }
    out[j, k] <- out[k, j] <- (at(h, h) - at(h, -h) - at(-h, h) + at(-h, -h)) / (4 * h * h)
  }
  out
}

calibrate <- function(case) {
  size <- numbers(case$thresholds); floors <- numbers(case$floors)
  people <- do.call(rbind, lapply(case$people, numbers)) # one column an item, NA where it was not asked
  group <- numbers(case$group) + 1
  x <- seq(-case$span, case$span, length.out = case$points)
  parts <- function(p) {
    at <- 0; items <- list()
    for (i in seq_along(size)) {
      items[[i]] <- list(a = exp(p[at + 1]), b = p[at + 1 + seq_len(size[i])]); at <- at + 1 + size[i]
    }
    list(items = items, groups = if (case$groups > 1) matrix(p[at + seq_len(2 * (case$groups - 1))], 2) else NULL)
  }
  minus <- function(p) {
    now <- parts(p)
    for (item in now$items) if (any(diff(item$b) <= 0) || any(abs(item$b) > 20) || item$a > 10) return(1e6)
    prior <- sapply(seq_len(case$groups), function(g) {
      m <- if (g == 1) 0 else now$groups[1, g - 1]; s <- if (g == 1) 1 else exp(now$groups[2, g - 1])
      dnorm(x, m, s, log = TRUE) + log(x[2] - x[1])
    })
    total <- t(prior)[group, , drop = FALSE]
    for (i in seq_along(size)) {
      seen <- !is.na(people[, i])
      log.p <- log(curves(now$items[[i]]$a, now$items[[i]]$b, floors[i], x))
      total[seen, ] <- total[seen, ] + log.p[people[seen, i] + 1, , drop = FALSE]
    }
    top <- apply(total, 1, max)
    value <- sum(top + log(rowSums(exp(total - top))))
    if (case$priors) for (i in seq_along(size)) {
      guess <- case$guess[[i]]; b0 <- numbers(guess$b)
      value <- value + dnorm(log(now$items[[i]]$a), log(guess$a), guess$slopeSD, log = TRUE) - dnorm(0, 0, guess$slopeSD, log = TRUE) +
        sum(dnorm(now$items[[i]]$b, b0, guess$thresholdSD, log = TRUE) - dnorm(0, 0, guess$thresholdSD, log = TRUE)) +
        sum(log(diff(now$items[[i]]$b)) - diff(now$items[[i]]$b) / diff(b0))
    }
    -value
  }
  start <- unlist(lapply(size, function(m) c(0, if (m == 1) 0 else seq(-1, 1, length.out = m))))
  start <- c(start, rep(0, 2 * (case$groups - 1)))
  found <- nlminb(start, minus, control = list(eval.max = 1e4, iter.max = 1e4, rel.tol = 1e-12))
  p <- found$par
  h <- curvature(minus, p)
  for (i in 1:4) p <- p - solve(h, gradient(minus, p))
  h <- curvature(minus, p)
  list(estimates = p, errors = sqrt(diag(solve(h))), logposterior = -minus(p), slope = max(abs(gradient(minus, p))))
}

rasch <- function(case) {
  people <- do.call(rbind, lapply(case$people, numbers))
  long <- data.frame(y = as.vector(people), item = factor(as.vector(col(people))), person = factor(as.vector(row(people))))
  m <- lme4::glmer(y ~ 0 + item + (1 | person), long, family = binomial, nAGQ = 25,
    control = lme4::glmerControl(optimizer = "bobyqa", optCtrl = list(rhobeg = 0.1, rhoend = 1e-9, maxfun = 1e5)))
  list(estimates = unname(c(lme4::fixef(m), lme4::getME(m, "theta"))), errors = unname(sqrt(diag(as.matrix(vcov(m))))))
}

score <- function(case) {
  answered <- numbers(case$answers)
  likelihood <- function(t) {
    l <- rep(0, length(t))
    for (i in seq_along(case$items)) if (!is.na(answered[i])) {
      item <- case$items[[i]]
      l <- l + log(curves(item$a, numbers(item$b), item$c, t)[answered[i] + 1, ])
    }
    l
  }
  joint <- function(t) exp(likelihood(t)) * dnorm(t, case$mean, case$sd)
  whole <- function(f) integrate(f, case$mean - 9 * case$sd, case$mean + 9 * case$sd, rel.tol = 1e-11, subdivisions = 2000)$value
  total <- whole(joint)
  mean <- whole(function(t) t * joint(t)) / total
  sd <- sqrt(whole(function(t) (t - mean)^2 * joint(t)) / total)
  part <- function(from, to) integrate(joint, from, to, rel.tol = 1e-11, subdivisions = 2000)$value / total
  cuts <- numbers(case$cuts)
  edges <- c(case$mean - 9 * case$sd, cuts, case$mean + 9 * case$sd)
  slope <- function(f, t, h = 1e-4) (8 * (f(t + h) - f(t - h)) - (f(t + 2 * h) - f(t - 2 * h))) / (12 * h)
  warm <- function(t) {
    j <- 0; info <- 0
    for (i in seq_along(case$items)) if (!is.na(answered[i])) {
      item <- case$items[[i]]
      p <- function(t) curves(item$a, numbers(item$b), item$c, t)[, 1]
      first <- slope(p, t); second <- slope(function(s) slope(p, s), t)
      j <- j + sum(first * second / p(t)); info <- info + sum(first^2 / p(t))
    }
    list(j = j, info = info)
  }
  equation <- function(t) { w <- warm(t); slope(likelihood, t) + w$j / (2 * w$info) }
  wle <- uniroot(equation, c(-7, 7), tol = 1e-12)$root
  map <- optimize(function(t) likelihood(t) + dnorm(t, case$mean, case$sd, log = TRUE), c(-7, 7), maximum = TRUE, tol = 1e-12)$maximum
  list(mean = mean, sd = sd, logmarginal = log(total), levels = mapply(part, edges[-length(edges)], edges[-1]),
    wle = wle, wleSE = 1 / sqrt(warm(wle)$info), map = map)
}

# The loading of a self-report: Gauss-Hermite would do as little as in irt, so the integral is over a fine even grid of its own.
loading <- function(case) {
  x <- seq(-7, 7, length.out = 401)
  self <- numbers(case$self)
  test <- matrix(dnorm(x, log = TRUE) + log(x[2] - x[1]), length(self), length(x), byrow = TRUE)
  people <- do.call(rbind, lapply(case$people, numbers))
  for (i in seq_along(case$items)) {
    item <- case$items[[i]]
    test <- test + log(curves(item$a, numbers(item$b), item$c, x))[people[, i] + 1, ]
  }
  prior <- case$prior
  loglik <- function(p) sum(log(rowSums(exp(test) * dnorm(outer(self, p[1] + p[2] * x, "-"), 0, exp(p[3])))))
  minus <- function(p) -loglik(p) + (p[1] - prior$Nu)^2 / (2 * prior$NuSD^2) + (p[2] - prior$Lambda)^2 / (2 * prior$LambdaSD^2) +
    prior$SigmaDF * p[3] + prior$SigmaDF * prior$Sigma^2 / (2 * exp(2 * p[3]))
  p <- nlminb(c(mean(self), 0, log(sd(self))), minus)$par
  for (i in 1:3) p <- p - solve(curvature(minus, p), gradient(minus, p))
  list(nu = p[1], lambda = p[2], sigma = exp(p[3]), errors = sqrt(diag(solve(curvature(minus, p)))) * c(1, 1, exp(p[3])), loglik = loglik(p))
}

# Stocking and Lord's criterion, minimised without derivatives.
link <- function(case) {
  x <- qnorm((seq_len(2001) - 0.5) / 2001)
  expected <- function(items, A, B) rowSums(sapply(items, function(item) {
    p <- curves(item$a / A, A * numbers(item$b) + B, item$c, x); colSums(p * (seq_len(nrow(p)) - 1))
  }))
  earlier <- expected(case$earlier, 1, 0)
  criterion <- function(p) mean((expected(case$fresh, exp(p[1]), p[2]) - earlier)^2)
  p <- optim(c(0, 0), criterion, control = list(reltol = 1e-14, maxit = 5000))$par
  p <- optim(p, criterion, control = list(reltol = 1e-15, maxit = 5000))$par
  list(A = exp(p[1]), B = p[2])
}

answer <- list(
  loadings = lapply(input$loadings, loading),
  links = lapply(input$links, link),
  calibrations = lapply(input$calibrations, calibrate),
  rasch = lapply(input$rasch, rasch),
  scores = lapply(input$scores, score))
jsonlite::write_json(answer, arguments[2], digits = NA, auto_unbox = TRUE)
