using Microsoft.Extensions.Options;

namespace Sharing.Photos;

/// <summary>How photos are kept. Checked when the host starts.</summary>
public sealed class PhotoOptions
{
    /// <summary>How long a photo or folder is kept where its owner's tier is not named in <see cref="ValidForTier"/>. 15 days.</summary>
    public TimeSpan ValidFor { get; set; } = TimeSpan.FromDays(15);

    /// <summary>How long for each tier (<see cref="Person.Tier"/>). "member": 30 days.</summary>
    public IDictionary<string, TimeSpan> ValidForTier { get; } = new Dictionary<string, TimeSpan>(StringComparer.OrdinalIgnoreCase) { ["member"] = TimeSpan.FromDays(30) };

    /// <summary>The longest period that an owner may set. 366 days.</summary>
    public TimeSpan LongestValidFor { get; set; } = TimeSpan.FromDays(366);

    /// <summary>Whether a person's oldest photos go by themselves when his space runs out (row F7); off, uploads that do not fit are refused. On.</summary>
    public bool Evicts { get; set; } = true;

    /// <summary>The address that friends know this host by, with a slash at its end: where links in mail lead to. <c>null</c>: nobody is told of grants.</summary>
    public Uri? PublicAddress { get; set; }

    /// <summary>Of which pictures previews are made.</summary>
    public PictureLimits Pictures { get; } = new();

    internal TimeSpan ValidForOf(Person? person) => person?.Tier is { } tier && ValidForTier.TryGetValue(tier, out var period) ? period : ValidFor;

    /// <summary>The end of a period that somebody chose; <c>null</c>: he chose none.</summary>
    /// <exception cref="SharingException">It does not fit.</exception>
    internal DateTimeOffset? EndOf(TimeSpan? period, DateTimeOffset now) => period is not { } length ? null
        : length > TimeSpan.Zero && length <= LongestValidFor ? now + length
        : throw new SharingException(ProblemCodes.InvalidInput, $"A period has at most {LongestValidFor.TotalDays:0} days.");

    /// <summary>A change that fits.</summary>
    /// <exception cref="SharingException">It does not.</exception>
    internal (string? Name, DateTimeOffset? Until) Check(PhotoChange change, DateTimeOffset now)
    {
        var name = PhotoName.From(change.Name);
        return change.Name is not null && name is null ? throw new SharingException(ProblemCodes.InvalidInput, $"A name has 1 to {PhotoName.Most} characters.")
            : change.Expires is { } until && (until <= now || until > now + LongestValidFor) ? throw new SharingException(ProblemCodes.InvalidInput, $"An end lies ahead, by at most {LongestValidFor.TotalDays:0} days.")
            : (name, change.Expires);
    }

    internal sealed class Validator : IValidateOptions<PhotoOptions>
    {
        public ValidateOptionsResult Validate(string? name, PhotoOptions options)
        {
            var errors = new List<string>();
            if (options.ValidForTier.Values.Append(options.ValidFor).Append(options.LongestValidFor).Any(static period => period < TimeSpan.FromMinutes(1) || period > TimeSpan.FromDays(36_500)))
            {
                errors.Add("Periods are from a minute to a hundred years.");
            }

            if (options.Pictures is { Pixels: < 1 } or { PassesPixels: < 1 } or { GifPixels: < 1 } or { HeifPixels: < 1 })
            {
                errors.Add("Limits of pixels are at least 1.");
            }

            if (options.PublicAddress is { } address && (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || !address.AbsolutePath.EndsWith('/')))
            {
                errors.Add($"{nameof(PublicAddress)} is an http or https address with a slash at its end.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
