@echo off
rem Run by windows.sh: fixupnet.cmd with Wine's own cmd.exe in the places of the program and of dotnet. Each line tells an exit code.
set "ROOT=%~1"
set "LAUNCHER=%~1\fixupnet.cmd"
set "PATH=C:\windows\system32;C:\windows"
call "%LAUNCHER%" doctor
echo without the SDK %ERRORLEVEL%
set "PATH=%PATH%;%~2"
call "%LAUNCHER%" build <nul
echo build %ERRORLEVEL%
call "%LAUNCHER%" /c exit 10
echo current %ERRORLEVEL%
call "%LAUNCHER%" /c echo "a b" c
echo spaces %ERRORLEVEL%
ping -n 3 127.0.0.1 >nul
echo.>>"%ROOT%\src\FixupNet\FixupNet.csproj"
call "%LAUNCHER%" /c exit 75 <nul
echo changed source %ERRORLEVEL%
call "%LAUNCHER%" /c exit 3
echo current %ERRORLEVEL%
echo.>>"%ROOT%\TensorProvider.props"
call "%LAUNCHER%" /c exit 76 <nul
echo changed property %ERRORLEVEL%
call "%LAUNCHER%" test --help
echo help %ERRORLEVEL%
call "%LAUNCHER%" test --tools
echo tools %ERRORLEVEL%
