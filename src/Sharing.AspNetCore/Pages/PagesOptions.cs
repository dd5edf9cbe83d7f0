using Microsoft.Extensions.Options;

namespace Sharing.AspNetCore;

/// <summary>A page of the host's own, in the navigation.</summary>
/// <param name="Path">Where it is, as a path of the application.</param>
/// <param name="Name">What it is called there.</param>
public sealed record PageLink(string Path, string Name)
{
    /// <summary>Only for those who have this claim; <c>null</c>: for all who have signed in.</summary>
    public string? Claim { get; init; }

    /// <summary>Only where the claim is this; <c>null</c>: whatever it is.</summary>
    public string? Value { get; init; }
}

/// <summary>How the pages fit into a product. Colours and type are changed by a stylesheet; see docs/pages.md for its properties.</summary>
public sealed class PagesOptions
{
    /// <summary>The name in the header and in titles.</summary>
    public string ProductName { get; set; } = "Sharing";

    /// <summary>The host's own page for signing in, as a path of the application: it is given the query value <c>returnUrl</c>, a path of the
    /// same host. <c>null</c>: there is none to link to.</summary>
    public string? SignInPath { get; set; } = "/sign-in";

    /// <summary>Where the button "Sign out" posts to, with an antiforgery token, as a path of the application. <c>null</c>: no button.</summary>
    public string? SignOutPath { get; set; } = "/sign-out";

    /// <summary>A stylesheet of the host's, as a path of the application; it is read after ours and wins over it.</summary>
    public string? Stylesheet { get; set; }

    /// <summary>Pages of the host's own, beside ours in the navigation of whoever has signed in.</summary>
    public IList<PageLink> Links { get; } = [];

    internal sealed class Validator : IValidateOptions<PagesOptions>
    {
        public ValidateOptionsResult Validate(string? name, PagesOptions options)
        {
            var errors = new List<string>();
            if (string.IsNullOrWhiteSpace(options.ProductName))
            {
                errors.Add($"{nameof(ProductName)} must not be empty.");
            }

            foreach (var (property, path) in new[]
            {
                (nameof(SignInPath), options.SignInPath), (nameof(SignOutPath), options.SignOutPath), (nameof(Stylesheet), options.Stylesheet),
            })
            {
                if (path is not null && (!path.StartsWith('/') || path.StartsWith("//", StringComparison.Ordinal)))
                {
                    errors.Add($"{nameof(PagesOptions)}.{property} must be a path of the application that begins with one slash.");
                }
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
