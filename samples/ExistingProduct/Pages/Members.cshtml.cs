using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace HikingClub.Pages;

/// <summary>The other members: friends, and those one follows.</summary>
sealed class MembersModel(Members members) : PageModel
{
    public IReadOnlyList<MemberRow> All { get; private set; } = [];

    string Me => User.FindFirst(ClubHost.MemberClaim)!.Value;

    public async Task OnGetAsync(CancellationToken cancellationToken) => All = await members.ListAsync(Me, cancellationToken);

    public async Task<IActionResult> OnPostFriendAsync(string handle, bool friends)
    {
        await members.BefriendAsync(Me, handle, friends);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostFollowAsync(string handle, bool follows)
    {
        await members.FollowAsync(Me, handle, follows);
        return RedirectToPage();
    }
}
