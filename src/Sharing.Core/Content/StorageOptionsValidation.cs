using Microsoft.Extensions.Options;

namespace Sharing.Core;

sealed class StorageOptionsValidation : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var errors = new List<string>();
        if (options.SmallContents is < 0 or > RecordedContentStore.Longest)
        {
            errors.Add($"{nameof(options.SmallContents)} is 0 to {RecordedContentStore.Longest} bytes.");
        }

        if (options.TrustFor < TimeSpan.Zero || options.TrustFor > TimeSpan.FromDays(30))
        {
            errors.Add($"{nameof(options.TrustFor)} is not negative, and at most 30 days.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
