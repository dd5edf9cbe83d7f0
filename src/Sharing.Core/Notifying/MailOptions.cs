using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>The operator's SMTP server. Checked when the host starts.</summary>
public sealed class MailOptions
{
    /// <summary>Its name or address.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>Its port. 25.</summary>
    public int Port { get; set; } = 25;

    /// <summary>Whether the connection must be encrypted (STARTTLS). On; off only on the same machine or network.</summary>
    public bool UseTls { get; set; } = true;

    /// <summary>The name to sign in by; <c>null</c>: without.</summary>
    public string? User { get; set; }

    /// <summary>The password to sign in by.</summary>
    public string? Password { get; set; }

    /// <summary>The address that mail is from.</summary>
    public string From { get; set; } = "";

    /// <summary>The name that mail is from.</summary>
    public string FromName { get; set; } = "Sharing";

    /// <summary>How long the server may take. 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    internal sealed class Validator : IValidateOptions<MailOptions>
    {
        public ValidateOptionsResult Validate(string? name, MailOptions options)
        {
            var errors = new List<string>();
            if (!System.Net.Mail.MailAddress.TryCreate(options.From, out _))
            {
                errors.Add($"{nameof(MailOptions)}.{nameof(From)} must be a mail address.");
            }

            if (string.IsNullOrWhiteSpace(options.Host) || options.Port is < 1 or > 65535)
            {
                errors.Add($"{nameof(MailOptions)} must name a server and its port.");
            }

            if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(10))
            {
                errors.Add($"{nameof(Timeout)} is from a second to ten minutes.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
