using System.Collections.Frozen;
using Penstock.Config;
using Penstock.Json;
using Penstock.Providers;
using Penstock.Transport;

namespace Penstock.Core.Tests.Config;

/// <summary>Compiles configs against a few providers.</summary>
internal static class Configs
{
    public static Catalogue Catalogue { get; } = new(Rows());

    public static Plan Compile(string config, bool isOperators = false)
    {
        var faults = new JsonFaults();
        var plan = ConfigCompiler.Compile(JsonText.Parse(config).Root, Scope(isOperators), faults);
        Assert.Equal([], faults.All.Select(fault => $"{fault.Path}: {fault.Message}"));
        return plan!;
    }

    public static IReadOnlyList<JsonFault> Faults(string config, string path = "", bool isOperators = false)
    {
        var faults = new JsonFaults();
        var plan = ConfigCompiler.Compile(JsonText.Parse(config).Root, Scope(isOperators), faults, path);
        Assert.Equal(faults.Any, plan is null);
        return faults.All;
    }

    public static LeafTarget Leaf(string config, bool isOperators = false) => Assert.IsType<LeafTarget>(Compile(config, isOperators).Root);

    public static IEnumerable<LeafTarget> Leaves(Target target) => target switch
    {
        LeafTarget leaf => [leaf],
        SingleTarget single => Leaves(single.Only),
        FallbackTarget fallback => fallback.Targets.SelectMany(Leaves),
        LoadBalanceTarget balance => balance.Targets.SelectMany(Leaves),
        ConditionalTarget conditional => conditional.Cases.Select(one => one.Then).Append(conditional.Default).OfType<Target>().Distinct().SelectMany(Leaves),
        _ => [],
    };

    private static ConfigScope Scope(bool isOperators) => new(Catalogue, new HostRules([], trustLoopback: true), isOperators);

    private static IEnumerable<ProviderRow> Rows()
    {
        string[] plain = ["anthropic", "cohere", "groq", "mistral-ai", "ollama", "openrouter", "together-ai", "workers-ai"];
        foreach (var id in plain) yield return Row(id);
        yield return Row("openai", new ProviderOption("openai_organization", ["x-portkey-openai-organization"], [], null, false));
        yield return Row(
            "azure-openai",
            new("resource_name", ["x-portkey-azure-resource-name"], ["azure_resource_name"], null, true),
            new("deployment_id", [], ["azure_deployment_id", "azure_deployment_name"], null, true),
            new("api_version", [], ["azure_api_version"], "v1", false));
        yield return Row("azure-ai", new("azure_api_version", [], [], null, false), new("azure_foundry_url", [], [], null, true)) with { UrlOptions = ["azure_foundry_url"] };
        yield return Row("vertex-ai", new ProviderOption("vertex_service_account_json", [], [], null, false));
    }

    private static ProviderRow Row(string id, params ProviderOption[] options) => new()
    {
        Id = id,
        Name = id,
        BaseUrl = $"https://api.{id}.example/v1",
        Auth = [new AuthRule(AuthKind.Bearer, "Bearer")],
        Options = options.ToFrozenDictionary(option => option.Name),
    };
}
