using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Penstock.Pipeline;
using Penstock.Snapshot;

namespace Penstock.Http;

/// <summary>
/// CORS for the origins that <c>cors_origins</c> lists; without that list a browser lets no other site read our
/// answers. Credentials are never allowed: keys travel in headers that a page must set itself.
/// </summary>
internal static class CrossOrigin
{
    private const string PreflightSeconds = "600";

    private static readonly GatewayError Refused = new(
        403,
        "Pages of this origin may not call this gateway. List the origin in 'cors_origins' in penstock.json if it is yours.",
        GatewayError.InvalidRequest,
        "origin_not_allowed");

    public static void UseCrossOrigin(this IApplicationBuilder app, SnapshotSource snapshots) => app.Use(next => context =>
    {
        if (context.Request.Headers.Origin.Count == 0) return next(context);
        var allowed = snapshots.Current.Settings.CorsOrigins;
        return allowed.IsEmpty && !IsPreflight(context.Request) ? next(context) : HandleAsync(context, allowed, next);
    });

    private static bool IsPreflight(HttpRequest request) => HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;

    private static Task HandleAsync(HttpContext context, ImmutableArray<string> allowed, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        var grant = Grant(headers.Origin.ToString(), allowed);
        if (IsPreflight(context.Request)) return AnswerPreflightAsync(context, grant);

        // At the last moment, since the provider's answer brings headers of its own.
        context.Response.OnStarting(
            static state =>
            {
                var (response, grant) = ((HttpResponse, string?))state;
                AddGrant(response.Headers, grant);
                return Task.CompletedTask;
            },
            (context.Response, grant));
        return next(context);
    }

    /// <returns>What the answer says it may be read by, or null.</returns>
    private static string? Grant(string origin, ImmutableArray<string> allowed) =>
        allowed.Contains("*") ? "*" : allowed.Contains(origin, StringComparer.OrdinalIgnoreCase) ? origin : null;

    private static Task AnswerPreflightAsync(HttpContext context, string? grant)
    {
        var headers = context.Response.Headers;
        ReplyHeaders.AddTrace(headers, TraceId.For(context.Request.Headers));
        AddGrant(headers, grant);
        if (grant is null) return ReplyWriter.WriteErrorAsync(context, Refused);
        ReplyHeaders.AddNoRoute(headers);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.AccessControlAllowMethods = "GET, HEAD, POST, PUT, PATCH, DELETE";

        // By name and not "*", which would not cover Authorization.
        headers.AccessControlAllowHeaders = context.Request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = PreflightSeconds;
        return Task.CompletedTask;
    }

    private static void AddGrant(IHeaderDictionary headers, string? grant)
    {
        if (grant != "*") headers.AppendCommaSeparatedValues(HeaderNames.Vary, HeaderNames.Origin);
        if (grant is null) return;
        headers.AccessControlAllowOrigin = grant;

        // All: the x-portkey-* ones, and the provider's request id and rate limits.
        headers.AccessControlExposeHeaders = "*";
    }
}
