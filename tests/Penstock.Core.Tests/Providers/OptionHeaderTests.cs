using Penstock.Providers;

namespace Penstock.Core.Tests.Providers;

/// <summary>The headers in which clients of the Portkey gateway send a provider's options, and how configs spell the same.</summary>
public sealed class OptionHeaderTests
{
    /// <summary>Provider, header without its prefix, member of a config. A name alone is header and member, in kebab and in snake case.</summary>
    private const string Table = """
        azure-openai | azure-resource-name | resource_name
        azure-openai | azure-resource-name | azure_resource_name
        azure-openai | azure-deployment-id | deployment_id
        azure-openai | azure-deployment-id | azure_deployment_id
        azure-openai | azure-api-version | api_version
        azure-openai | azure-api-version | azure_api_version
        azure-openai | azure-ad-token
        azure-openai | azure-auth-mode
        azure-openai | azure-managed-client-id
        azure-openai | azure-workload-client-id
        azure-openai | azure-entra-client-id
        azure-openai | azure-entra-client-secret
        azure-openai | azure-entra-tenant-id
        azure-openai | azure-entra-scope
        azure-openai | azure-model-name
        azure-openai | openai-beta
        azure-ai | azure-api-version
        azure-ai | azure-endpoint-name
        azure-ai | azure-foundry-url
        azure-ai | azure-ad-token
        azure-ai | azure-auth-mode
        azure-ai | azure-managed-client-id
        azure-ai | azure-entra-client-id
        azure-ai | azure-entra-client-secret
        azure-ai | azure-entra-tenant-id
        azure-ai | azure-entra-scope
        azure-ai | azure-extra-params | azure_extra_parameters
        azure-ai | anthropic-version
        openai | openai-organization
        openai | openai-project
        openai | openai-beta
        anthropic | anthropic-beta
        anthropic | anthropic-version
        huggingface | huggingface-base-url
        workers-ai | workers-ai-account-id
        stability-ai | stability-client-id
        stability-ai | stability-client-user-id
        stability-ai | stability-client-version
        fireworks-ai | fireworks-account-id
        fireworks-ai | file-upload-size | fireworks_file_length
        cortex | snowflake-account
        mistral-ai | mistral-fim-completion
        vertex-ai | vertex-project-id
        vertex-ai | vertex-region
        vertex-ai | vertex-service-account-json
        vertex-ai | vertex-storage-bucket-name
        vertex-ai | provider-file-name | filename
        vertex-ai | provider-model | vertex_model_name
        vertex-ai | provider-batch-endpoint | vertex_batch_endpoint
        vertex-ai | anthropic-beta
        vertex-ai | anthropic-version
        bedrock | aws-access-key-id
        bedrock | aws-secret-access-key
        bedrock | aws-session-token
        bedrock | aws-region
        bedrock | aws-role-arn
        bedrock | aws-auth-type
        bedrock | aws-external-id
        bedrock | aws-s3-bucket
        bedrock | aws-s3-object-key
        bedrock | provider-file-name | aws_s3_object_key
        bedrock | aws-bedrock-model
        bedrock | provider-model | aws_bedrock_model
        bedrock | amz-server-side-encryption | aws_server_side_encryption
        bedrock | amz-server-side-encryption-aws-kms-key-id | aws_server_side_encryption_kms_key_id
        bedrock | anthropic-beta
        bedrock | anthropic-version
        sagemaker | aws-access-key-id
        sagemaker | aws-secret-access-key
        sagemaker | aws-region
        sagemaker | amzn-sagemaker-custom-attributes
        sagemaker | amzn-sagemaker-target-model
        sagemaker | amzn-sagemaker-target-variant
        sagemaker | amzn-sagemaker-target-container-hostname
        sagemaker | amzn-sagemaker-inference-id
        sagemaker | amzn-sagemaker-enable-explanations
        sagemaker | amzn-sagemaker-inference-component
        sagemaker | amzn-sagemaker-session-id
        oracle | oracle-api-version
        oracle | oracle-region
        oracle | oracle-compartment-id
        oracle | oracle-serving-mode
        oracle | oracle-tenancy
        oracle | oracle-user
        oracle | oracle-fingerprint
        oracle | oracle-private-key
        oracle | oracle-key-passphrase
        """;

    public static TheoryData<string, string, string> Rows()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var line in Table.Split('\n', StringSplitOptions.TrimEntries))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            data.Add(cells[0], "x-portkey-" + cells[1], cells.Length == 3 ? cells[2] : cells[1].Replace('-', '_'));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Header_and_member_are_one_option(string id, string header, string member)
    {
        var option = Assert.Single(Catalogue.BuiltIn.Find(id)!.Options.Values, option => option.Name == member || option.Aliases.Contains(member));
        Assert.Contains(header, option.Headers);
    }

    /// <summary>Clients of the vendors' own SDKs send these without a prefix.</summary>
    [Theory]
    [InlineData("openai", "openai-beta")]
    [InlineData("azure-openai", "openai-beta")]
    [InlineData("anthropic", "anthropic-beta")]
    [InlineData("anthropic", "anthropic-version")]
    [InlineData("bedrock", "anthropic-version")]
    [InlineData("vertex-ai", "anthropic-beta")]
    public void Some_come_without_a_prefix_too_which_counts_less(string id, string header)
    {
        var option = Catalogue.BuiltIn.Find(id)!.Options[header.Replace('-', '_')];
        Assert.Equal(["x-portkey-" + header, header], option.Headers);
    }
}
