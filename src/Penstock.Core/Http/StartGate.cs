using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Penstock.Hosting;

namespace Penstock.Http;

/// <summary>
/// Holds requests that arrive in the moment between the opening of the listeners and knowing them: whether they reach
/// beyond this machine decides about keys and hosts.
/// </summary>
internal static class StartGate
{
    public static void UseStartGate(this IApplicationBuilder app, ListenerFacts listeners) => app.Use(next => context =>
        listeners.IsKnown || !context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) ? next(context) : WaitAsync(context, listeners, next));

    private static async Task WaitAsync(HttpContext context, ListenerFacts listeners, RequestDelegate next)
    {
        await listeners.Known.WaitAsync(context.RequestAborted);
        await next(context);
    }
}
