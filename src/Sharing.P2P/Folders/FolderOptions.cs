using Microsoft.Extensions.Options;

namespace Sharing.P2P;

/// <summary>How shared folders are looked after. Checked when the host starts.</summary>
public sealed class FolderOptions
{
    /// <summary>Whether the system is asked to tell of changes. It loses some, so the folders are looked at from time to time anyway.</summary>
    public bool Watches { get; set; } = true;

    /// <summary>How often all folders are looked at. 5 minutes.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a file must stay as it is before it is taken for complete. 2 seconds.</summary>
    public TimeSpan RestFor { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after a refusal a file is tried again; doubled with each further one, up to a day. 15 minutes.</summary>
    public TimeSpan TryAgainAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long after the server could not be reached. 30 seconds.</summary>
    public TimeSpan ReachAgainAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many bytes a second are uploaded at most; 0: as many as go. Hashing and uploading step back while something is being fetched in any case.</summary>
    public long BytesPerSecond { get; set; }

    internal sealed class Validator : IValidateOptions<FolderOptions>
    {
        public ValidateOptionsResult Validate(string? name, FolderOptions options)
        {
            var errors = new List<string>();
            if (options.LookEvery <= TimeSpan.Zero || options.TryAgainAfter <= TimeSpan.Zero || options.ReachAgainAfter <= TimeSpan.Zero || options.RestFor < TimeSpan.Zero)
            {
                errors.Add($"{nameof(LookEvery)}, {nameof(TryAgainAfter)} and {nameof(ReachAgainAfter)} are more than nothing, {nameof(RestFor)} is not negative.");
            }

            if (options.BytesPerSecond < 0)
            {
                errors.Add($"{nameof(BytesPerSecond)} is not negative.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
