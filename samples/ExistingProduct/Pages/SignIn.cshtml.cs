using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HikingClub.Pages;

/// <summary>Signs a member in, by the club's own password and cookie.</summary>
sealed class SignInModel(Members members) : PageModel
{
    public string? ReturnUrl { get; private set; }

    public bool IsWrong { get; private set; }

    public void OnGet(string? returnUrl) => ReturnUrl = returnUrl;

    public async Task<IActionResult> OnPostAsync(string? handle, string? password, string? returnUrl, CancellationToken cancellationToken)
    {
        ReturnUrl = returnUrl;
        if (await members.SignInAsync(handle ?? "", password ?? "", cancellationToken) is not { } name)
        {
            IsWrong = true;
            return Page();
        }

        var identity = new ClaimsIdentity(
            [new(ClubHost.MemberClaim, handle!), new(ClaimTypes.Name, name)], CookieAuthenticationDefaults.AuthenticationScheme);
        await HttpContext.SignInAsync(new ClaimsPrincipal(identity));
        return LocalRedirect(Url.IsLocalUrl(returnUrl) ? returnUrl : "~/");
    }
}
