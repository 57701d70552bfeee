using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Config;
using Penstock.Pipeline;
using Penstock.Providers;
using Penstock.Snapshot;

namespace Penstock.Http;

/// <summary>
/// <c>GET /v1/models</c> of a request that names no provider: the models of every configured one, under the names by
/// which requests reach them.
/// </summary>
internal sealed class ModelList(ProviderChoice choice)
{
    /// <summary>Otherwise the provider's own list is asked for.</summary>
    public static bool Serves(string path, Routed routed) =>
        path.TrimEnd('/') == "/v1/models" && routed.Provider is null && routed.Plan.Root is LeafTarget { Provider: null };

    public async Task WriteAsync(HttpContext context, GatewaySnapshot snapshot)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var row in choice.Configured(snapshot.Catalogue))
            {
                foreach (var model in ModelIndex.ModelsOf(row)) Write(json, row, model);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        ReplyHeaders.AddNoRoute(context.Response.Headers);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.BodyWriter.Write(buffer.WrittenSpan);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, ProviderRow row, string model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, $"{row.Id}/{model}");
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, 0);
        json.WriteString("owned_by"u8, row.Id);
        json.WriteEndObject();
    }
}
