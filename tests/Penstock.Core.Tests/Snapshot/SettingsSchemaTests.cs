using System.Text.Json;
using Penstock.Snapshot;

namespace Penstock.Core.Tests.Snapshot;

/// <summary>The published schema lists what the reader takes.</summary>
public sealed class SettingsSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("schemas", "penstock.schema.json"))).RootElement;

    [Fact]
    public void The_root_has_the_same_members() => AssertMembers(FileMembers.Root, Schema);

    [Fact]
    public void Limits_have_the_same_members() => AssertMembers(FileMembers.Limits, Property("limits"));

    [Fact]
    public void Timeouts_have_the_same_members() => AssertMembers(FileMembers.Timeouts, Property("timeouts"));

    [Fact]
    public void Custom_providers_have_the_same_members()
    {
        // The reader lists what it knows when it meets a name that is like none of them.
        var fault = Assert.Single(Files.Faults("""{ "providers": { "acme": { "base_url": "http://localhost:9/v1", "zzzzzzzzzzzz": 1 } } }"""));
        var known = fault[(fault.IndexOf("ones are ", StringComparison.Ordinal) + "ones are ".Length)..].TrimEnd('.').Split(", ");
        AssertMembers(known, Schema.GetProperty("$defs").GetProperty("provider"));
    }

    [Fact]
    public void The_defaults_are_ours()
    {
        var standard = new GatewaySettings();
        Assert.Equal(standard.ShutdownGraceMs, Property("shutdown_grace_ms").GetProperty("default").GetInt32());
        Assert.Equal(ListenAddresses.Default.Single(), Property("listen").GetProperty("default").GetString());
        Assert.Equal(
            [standard.Limits.JsonBytes, standard.Limits.MultipartBytes, standard.Limits.UploadBytes, standard.Limits.ReplayBytes],
            Defaults("limits", FileMembers.Limits));
        Assert.Equal(
            [standard.Clocks.ConnectMs!.Value, standard.Clocks.HeadersMs!.Value, standard.Clocks.FirstTokenMs!.Value, standard.Clocks.IdleMs!.Value, standard.Clocks.TotalMs!.Value, standard.ClientMs],
            Defaults("timeouts", FileMembers.Timeouts));
    }

    [Fact]
    public void Every_member_is_described()
    {
        foreach (var property in Schema.GetProperty("properties").EnumerateObject())
        {
            Assert.True(property.Name == "$schema" || property.Value.TryGetProperty("description", out _), property.Name);
        }
    }

    private static JsonElement Property(string name) => Schema.GetProperty("properties").GetProperty(name);

    private static IEnumerable<long> Defaults(string parent, IEnumerable<string> names) =>
        names.Select(name => Property(parent).GetProperty("properties").GetProperty(name).GetProperty("default").GetInt64());

    private static void AssertMembers(IEnumerable<string> known, JsonElement schema)
    {
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(known.Order(StringComparer.Ordinal), schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }
}
