using Microsoft.Extensions.Options;

namespace Sharing.Messaging;

/// <summary>How messages are kept, and what the server sends by itself. Checked when the host starts.</summary>
public sealed class MessageOptions
{
    /// <summary>How long a message is kept, with the bytes that the server has for it. 30 days.</summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an upload waits to be sent. A day.</summary>
    public TimeSpan KeepUploadFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How many things the server pushes to one person in a day. 3; 0: none.</summary>
    public int PushesPerDay { get; set; } = 3;

    /// <summary>The address that people know this host by, with a slash at its end: where wake-ups lead to.</summary>
    public Uri PublicAddress { get; set; } = new("http://localhost/");

    internal sealed class Validator : IValidateOptions<MessageOptions>
    {
        public ValidateOptionsResult Validate(string? name, MessageOptions options)
        {
            var errors = new List<string>();
            if (options.KeepFor < TimeSpan.FromMinutes(1) || options.KeepFor > TimeSpan.FromDays(36_500) || options.KeepUploadFor < TimeSpan.FromMinutes(1) || options.KeepUploadFor > TimeSpan.FromDays(36_500))
            {
                errors.Add("Periods are from a minute to a hundred years.");
            }

            if (options.PushesPerDay is < 0 or > 1000)
            {
                errors.Add($"{nameof(PushesPerDay)} is from 0 to 1000.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
